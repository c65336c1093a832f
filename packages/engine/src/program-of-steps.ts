import {
  alu,
  type Comparison,
  callHelper,
  exit,
  helperNumber,
  type Instruction,
  jump,
  load,
  loadMapAddress,
  type Operand,
  type ProgramSpec,
  type Reference,
  store,
} from "@weir/bytecode";
import { kernelFieldOffset } from "@weir/kernel";

/** A step of a program that looks on: an instruction, a map's address, or a condition under which the program is over. */
export type Step =
  | Instruction
  | { readonly map: string; readonly register: number }
  | { readonly leaveIf: readonly [comparison: Comparison, register: number, operand: Operand] };

/** The n-th argument of what is looked at, while r1 still points at them. */
export const argument = (register: number, index: number): Step => load(64, register, 1, index * 8);

/** r0 = the value at the key in a register; the program ends where there is none. */
export const lookup = (map: string, key: number): readonly Step[] => [
  store(32, 10, -4, { register: key }),
  { map, register: 1 },
  alu("mov", 64, 2, { register: 10 }),
  alu("add", 64, 2, -4),
  callHelper(helperNumber("bpf_map_lookup_elem")),
  { leaveIf: ["eq", 0, 0] },
];

/** Leaves unless the device in a register is of this network namespace; an index alone may be another's. */
export function requireNamespace(device: number, namespace: number): readonly Step[] {
  return [
    { leaveIf: ["eq", device, 0] },
    load(64, 2, device, kernelFieldOffset("net_device", "nd_net")),
    load(32, 2, 2, kernelFieldOffset("net", "ns.inum")),
    // The number has its highest bit set, and an immediate would be extended with its sign.
    alu("mov", 32, 3, namespace | 0),
    { leaveIf: ["ne", 2, { register: 3 }] },
  ];
}

export const interfaceIndex = (register: number, device: number): Step =>
  load(32, register, device, kernelFieldOffset("net_device", "ifindex"));

/**
 * A program for a tracepoint, of a few instructions that depend on the machine it is loaded on: so it is put together when it
 * is loaded, and needs no compiler.
 */
export function tracepointProgram(type: "raw" | "typed", tracepoint: string, steps: readonly Step[]): ProgramSpec {
  const section = `${type === "raw" ? "raw_tp" : "tp_btf"}/${tracepoint}`;
  return programOfSteps({ name: tracepoint, section, type: `${type}-tracepoint` }, steps, 0);
}

/** The same for other places. @param result what it returns wherever it ends */
export function programOfSteps(
  place: Pick<ProgramSpec, "name" | "section" | "type">,
  steps: readonly Step[],
  result: number,
): ProgramSpec {
  const slots = steps.reduce((sum, step) => sum + ("map" in step ? 2 : 1), 0);
  const instructions: Instruction[] = [];
  const references: Reference[] = [];
  for (const step of steps) {
    if ("map" in step) {
      references.push({ kind: "map", slot: instructions.length, map: step.map });
      instructions.push(...loadMapAddress(step.register));
    } else if ("leaveIf" in step) {
      const [comparison, register, operand] = step.leaveIf;
      instructions.push(jump(comparison, 64, register, operand, slots - instructions.length - 1));
    } else {
      instructions.push(step);
    }
  }
  instructions.push(alu("mov", 64, 0, result), exit());
  return { ...place, frags: false, instructions, references, functions: [], lines: [] };
}
