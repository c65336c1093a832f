import type { GlobalVariable } from "@weir/bytecode";
import { type Decoded, decode, encode, type Layout } from "@weir/bytecode/layout";
import { KernelError } from "../errors/kernel-error.ts";
import { PROT_READ, PROT_WRITE } from "../uapi/macros.ts";
import type { BpfMap } from "./bpf-map.ts";
import { MapElements } from "./map-elements.ts";
import { MappedPages } from "./mapped-pages.ts";

/**
 * A global variable of a loaded object, as its programs read and write it.
 *
 * @example
 * ```ts
 * using object = loadObject(monitor);
 * const limit = object.variable("limit", u32);
 * limit.value += 1;
 * ```
 * Since Linux 5.2; to be written since 5.5.
 */
export class Variable<L extends Layout> {
  readonly name: string;
  readonly #map: BpfMap;
  readonly #offset: number;
  readonly #layout: L;

  /** @throws {KernelError} `WEIR_MAP_LAYOUT` when the variable has another size */
  constructor(map: BpfMap, { name, offset, size }: GlobalVariable, layout: L) {
    if (layout.size !== size) {
      throw new KernelError({
        code: "WEIR_MAP_LAYOUT",
        attempted: "open",
        subject: `variable "${name}"`,
        errno: 0,
        answer: `it has ${size} bytes, not ${layout.size}`,
        advice: ["Open it with the layout of its type."],
      });
    }
    this.name = name;
    this.#map = map;
    this.#offset = offset;
    this.#layout = layout;
  }

  get value(): Decoded<L> {
    const { keySize, valueSize } = this.#map.info;
    using elements = new MapElements(this.#map, keySize, valueSize);
    // The only element is always there.
    elements.lookup();
    return decode(this.#layout, elements.value, this.#offset);
  }

  /** Leaves the variables around it alone, which programs may be writing. @throws {KernelError} `WEIR_PERMISSION` for constants */
  set value(value: Decoded<L>) {
    using pages = new MappedPages(this.#map.descriptor, this.#map.info.valueSize, PROT_READ | PROT_WRITE);
    encode(this.#layout, value, new DataView(pages.buffer), this.#offset);
  }
}
