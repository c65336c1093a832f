import type { Instruction } from "@weir/bytecode";

const JMP = 5;
const JMP32 = 6;
const CALL = 0x80;
const EXIT = 0x90;
const LOAD_64 = 0x18;
const BPF_PSEUDO_CALL = 1;
const BPF_PSEUDO_FUNC = 4;

type Way = readonly [to: number, byJump: boolean];

/**
 * What verifiers before Linux 6.7 say of a program's control flow (`check_cfg` of kernel/bpf/verifier.c), which they go through
 * depth first before all else: undefined when nothing is wrong.
 */
export function controlFlowComplaint(instructions: readonly Instruction[]): string | undefined {
  const open = new Set([0]);
  const done = new Set<number>();
  const stack = [{ at: 0, ways: waysFrom(instructions, 0) }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const way = top.ways.shift();
    if (way === undefined) {
      open.delete(top.at);
      done.add(top.at);
      stack.pop();
      continue;
    }
    const [to, byJump] = way;
    if (to < 0 || to >= instructions.length) return `jump out of range from insn ${top.at} to ${to}`;
    if (open.has(to)) {
      if (!byJump) return `back-edge from insn ${top.at} to ${to}`;
    } else if (!done.has(to)) {
      open.add(to);
      stack.push({ at: to, ways: waysFrom(instructions, to) });
    }
  }
  return done.size === instructions.length ? undefined : "unreachable insn";
}

function waysFrom(instructions: readonly Instruction[], at: number): Way[] {
  const instruction = instructions[at];
  if (instruction === undefined) return [];
  const { opcode, offset, immediate, source } = instruction;
  const operation = opcode & 0xf0;
  // A function whose address is taken is looked at as one that is called.
  if (opcode === LOAD_64 && source === BPF_PSEUDO_FUNC) {
    return [
      [at + 1, false],
      [at + 1 + immediate, false],
    ];
  }
  if ((opcode & 7) !== JMP && (opcode & 7) !== JMP32) return [[at + 1, false]];
  if (operation === EXIT) return [];
  if (operation === CALL) {
    const call: Way[] = source === BPF_PSEUDO_CALL ? [[at + 1 + immediate, false]] : [];
    return [[at + 1, false], ...call];
  }
  const jump: Way = [at + 1 + offset, true];
  return operation === 0 ? [jump] : [[at + 1, true], jump];
}
