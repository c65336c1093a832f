import { Machine } from "@weir/bytecode/machine";
import type { CompiledProgram } from "../../src/index.ts";
import { MAP } from "./compile.ts";
import type { Outcome } from "./oracle.ts";
import { ELEMENTS } from "./program.ts";

/** The map that random programs use. */
export const MAP_SPEC = {
  name: MAP,
  type: "array",
  keySize: 4,
  valueSize: 8,
  maxEntries: ELEMENTS,
  flags: 0,
  keyType: 0,
  valueType: 0,
} as const;

/** Runs a compiled random program in the interpreter of bytecode. */
export function runMachine(program: CompiledProgram, packet: Uint8Array, elements: readonly bigint[]): Outcome {
  const machine = Machine.of(program.instructions, { references: program.references, maps: [MAP_SPEC] });
  const map = machine.map(MAP);
  for (const [index, value] of elements.entries()) map.set(bytes(BigInt(index), 4), bytes(value, 8));
  const outcome = machine.run({ packet });
  const after = [...map.entries()].map(([, value]) => new DataView(value.buffer).getBigUint64(value.byteOffset, true));
  return { result: BigInt.asUintN(32, outcome.result), packet: outcome.packet, elements: after };
}

function bytes(value: bigint, size: number): Uint8Array {
  const eight = new Uint8Array(8);
  new DataView(eight.buffer).setBigUint64(0, value, true);
  return eight.subarray(0, size);
}
