import { fileURLToPath } from "node:url";
import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { compile, formatDiagnostics } from "@weir/compiler";
import { SetPage } from "@weir/programs/sets";
import { loadForTest, testsRunIn } from "@weir/testing";

const SOURCE = fileURLToPath(new URL("../../programs/src/kernel/sets.bpf.ts", import.meta.url));
let compiled: ObjectSpec | undefined;

/** The object of all sets, compiled once. */
function setsObject(): ObjectSpec {
  if (compiled !== undefined) return compiled;
  const { object, diagnostics } = compile(SOURCE);
  if (object === undefined) throw new Error(formatDiagnostics(diagnostics));
  compiled = object;
  return object;
}

/** The kinds of sets, by the names of maps and programs. */
export type SetName = "ipv4" | "ipv6" | "port" | "mac";

/** A set's map, as memory, and the kernel program that looks it up: in the machine or in the kernel. */
export interface AskedSet extends Disposable {
  readonly memory: Uint8Array;
  /** What the program says, asked with words of 64 bits. */
  ask(...words: readonly bigint[]): boolean;
  /** Returns when programs that had begun have ended. */
  settle(): void;
  /** Lets ticks of the kernel's clock pass, in the machine alone, where it begins with `FIRST_TICK`. */
  passTicks?(ticks: bigint): void;
}

/** Of the machine: a second, in ticks of a millisecond. */
export const FIRST_TICK = 1000n;

/** @param weakMemory 1 for the program as it is on arm64 */
export async function askedSet(name: SetName, pages: number, weakMemory: 0 | 1 = 0): Promise<AskedSet> {
  const map = `${name.toUpperCase()}_SET`;
  const sizes = { IPV4_SET: 65, IPV6_SET: 65, PORT_SET: 3, MAC_SET: 2, [map]: pages };
  const program = `ask_${name}_set`;
  const frame = new Uint8Array(64);
  const words = new BigUint64Array(frame.buffer);
  const config = { weak_memory: weakMemory };
  if (testsRunIn() === "machine") {
    const object = await loadForTest(setsObject(), { sizes, config, in: "machine" });
    const [element] = object.machine.map(map).elements();
    const [value] = element?.values ?? [];
    if (value === undefined) throw new Error(`map ${map} has no elements`);
    const under = object.program(program);
    return {
      memory: new Uint8Array(value.buffer),
      ask(...asked) {
        words.set(asked);
        return under.run(frame).verdict === "drop";
      },
      settle() {},
      passTicks: (ticks) => object.machine.advance(ticks * 1_000_000n),
      [Symbol.dispose]: () => object[Symbol.dispose](),
    };
  }
  const { ArrayMap, loadObject, waitForPrograms } = await import("@weir/kernel");
  using opened = new DisposableStack();
  const object = opened.use(loadObject(withMapSizes(withConfig(setsObject(), config), sizes)));
  const array = opened.use(ArrayMap.of(object.map(map), { value: SetPage }));
  const memory = opened.use(array.memory({ writable: true }));
  const found = object.program(program);
  if (found.kind === "not found") throw new Error(`the object has no program ${program}`);
  const kept = opened.move();
  return {
    memory: new Uint8Array(memory.buffer),
    ask(...asked) {
      words.set(asked);
      return found.program.testRun({ data: frame }).verdict === 1;
    },
    settle: waitForPrograms,
    [Symbol.dispose]: () => kept[Symbol.dispose](),
  };
}
