import type { ObjectSpec } from "@weir/bytecode";
import { Machine, MachineMap } from "@weir/bytecode/machine";
import { type CompileOptions, check, compile, formatDiagnostics, Interpreter } from "../../src/index.ts";

/** What a run can be told by: verdict, packet, and all that is in the maps. */
export interface Outcome {
  readonly verdict: bigint;
  readonly packet: string;
  readonly maps: Readonly<Record<string, readonly (readonly [key: string, value: string])[]>>;
}

const FILE = "/random/program.bpf.ts";
export const PROGRAM = "program";

/** The outcomes of the typed tree, packet after packet, and the object to compare with. */
export function interpretText(text: string, packets: readonly Uint8Array[]): readonly Outcome[] {
  const { tree, diagnostics } = check(FILE, { readFile: (name) => (name === FILE ? text : undefined) });
  if (tree === undefined) throw new Error(formatDiagnostics(diagnostics));
  const interpreter = new Interpreter(tree);
  return packets.map((packet) => {
    const verdict = BigInt.asUintN(32, interpreter.run(PROGRAM, packet));
    const maps = Object.fromEntries(tree.maps.map(({ name }) => [name, interpreter.contents(name)]));
    return { verdict, packet: hex(interpreter.packet), maps };
  });
}

/** Undefined for a program that needs more stack than there is: that is known only when there is code. */
export function compileText(text: string, options: CompileOptions): ObjectSpec | undefined {
  const { object, diagnostics } = compile(FILE, {
    ...options,
    readFile: (name) => (name === FILE ? text : undefined),
  });
  if (object === undefined && diagnostics.some(({ code }) => code !== "WEIR1601")) {
    throw new Error(formatDiagnostics(diagnostics));
  }
  return object;
}

/** The outcomes of the bytecode in the machine. */
export function runInMachine(object: ObjectSpec, packets: readonly Uint8Array[]): readonly Outcome[] {
  const program = object.programs.get(PROGRAM);
  if (program === undefined) throw new Error("the object lacks its program");
  const maps = new Map([...object.maps.values()].map((spec) => [spec.name, new MachineMap(spec)]));
  const machine = new Machine(program.instructions, { references: program.references, maps });
  return packets.map((packet) => {
    const { result, packet: after } = machine.run({ packet });
    const contents = [...maps].map(([name, map]) => [name, sorted(map.entries())] as const);
    return { verdict: BigInt.asUintN(32, result), packet: hex(after), maps: Object.fromEntries(contents) };
  });
}

export function sorted(
  entries: Iterable<readonly [key: Uint8Array, value: Uint8Array]>,
): readonly (readonly [key: string, value: string])[] {
  return [...entries].map(([key, value]) => [hex(key), hex(value)] as const).sort(([a], [b]) => (a < b ? -1 : 1));
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
