import type { FunctionBuilder, ModuleBuilder, Value } from "@weir/codegen";
import type { Read } from "@weir/pcap-filter/meaning";
import { AROUND } from "./around.ts";
import { enter, type FoundRules } from "./found-rules.ts";
import { headerLength } from "./header-length.ts";

/** What a read gives that is behind the end of the frame: more than any number that can be read. */
const ENDED = (1n << 64n) - 1n;

/**
 * Reads by functions, for the few frames that end within a header: there each rule may read anything, and if each read were written out, they
 * would be most of the program.
 */
export class SeldomReads {
  readonly #module: ModuleBuilder;
  readonly #found: FoundRules;
  readonly #written = new Set<string>();

  /** @param found of any function: those that read are given its address */
  constructor(module: ModuleBuilder, found: FoundRules) {
    this.#module = module;
    this.#found = found;
  }

  /**
   * The name of a function `(start, end, offset, found)` that gives the number at an offset, of at most 0xff00, or 64 bits of one.
   * With `behind`, it is `(start, end, offset, found, behind)`, and the length of the header of IPv4 that begins there is added.
   */
  functionFor(bytes: Read["bytes"], isBehind: boolean): string {
    const name = `${isBehind ? "read_behind" : "read"}_${bytes}`;
    if (this.#written.has(name)) return name;
    this.#written.add(name);
    const builder = this.#module.function(name, { parameters: isBehind ? 5 : 4, position: AROUND });
    const found = this.#found.in(builder, builder.parameter(3));
    const ended = builder.block();
    const checked = (offset: Value, size: number): Value => {
      const inside = builder.block();
      const hidden = builder.binary("add", 64, offset, found.zero);
      const address = builder.packetAccess(builder.parameter(0), builder.parameter(1), hidden, size, inside, ended);
      enter(builder, inside);
      return address;
    };
    const bounded = (offset: Value): Value => builder.binary("and", 64, offset, builder.constant(64, 0xffffn));
    let offset = bounded(builder.parameter(2));
    if (isBehind) {
      const first = builder.load(8, checked(bounded(builder.parameter(4)), 1), 0, { volatile: true });
      offset = builder.binary("add", 64, offset, headerLength(builder, first));
    }
    const address = checked(offset, bytes);
    builder.return(loadNumber(builder, bytes, address, 0));
    enter(builder, ended);
    builder.return(builder.constant(64, ENDED));
    return name;
  }
}

/** A number of the packet. */
export function loadNumber(builder: FunctionBuilder, bytes: Read["bytes"], address: Value, offset: number): Value {
  const raw = builder.load(bytes === 1 ? 8 : bytes === 2 ? 16 : 32, address, offset, { volatile: true });
  return bytes === 1 ? raw : builder.byteSwap(bytes === 2 ? 16 : 32, raw);
}
