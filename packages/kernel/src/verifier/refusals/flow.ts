import type { Evidence } from "../evidence.ts";
import type { Refusal } from "../refusal.ts";

const SMALLER =
  "Lower the bounds of its loops, go round with loop(count, (index) => …), or make the part that is gone through so often a globalFunction((…) => …): both are verified once.";

/** The way of the program through its instructions. */
export const flowRefusals: readonly Refusal[] = [
  {
    kind: "back-edge",
    pattern: /back-edge from insn/,
    explain: () => ({
      meaning: [
        "Before Linux 6.7 the verifier takes a loop for endless when its code falls into its beginning, bounded or not.",
      ],
      fix: "weir's compiler puts a jump there; for code of another one, write the loop in another way or load it on a newer kernel.",
    }),
  },
  {
    kind: "endless-loop",
    pattern: /infinite loop detected/,
    explain: () => ({
      meaning: ["The loop has no bound that the verifier can see: it came round, and nothing had changed."],
      fix: "Write `for (const i of range(n))` with a constant n, or loop(n, (index) => …), whose body is verified once; otherwise count up to a constant, and leave the loop there.",
    }),
  },
  {
    kind: "too-large",
    // Where it says nothing else, the statistics do.
    pattern: /(?:BPF program is too large\. P|^p)rocessed (1000001) insn/,
    explain: ([, processed = ""], evidence) => ({
      meaning: [
        `The verifier gave up after ${processed} instructions: it goes through a loop once for each round, and through what follows a test once for each side.`,
      ],
      fix: SMALLER,
      slot: busiest(evidence),
    }),
  },
  {
    kind: "too-complex",
    pattern: /sequence of (\d+) jumps is too complex|too many (?:states|jumps)/,
    explain: ([, jumps = ""], evidence) => ({
      meaning: [
        `The verifier gave up with ${jumps || "too many"} jumps that it still had to follow to their other side.`,
      ],
      fix: SMALLER,
      slot: busiest(evidence),
    }),
  },
  {
    kind: "unreachable",
    pattern: /unreachable insn/,
    explain: () => ({
      meaning: ["No way through the program leads here."],
      fix: "Take the code out.",
    }),
  },
  {
    kind: "control-flow",
    pattern: /last insn is not an exit or jmp/,
    explain: (_, { program }) => ({
      meaning: ["The program's, or a function's, last instruction goes on to nothing."],
      fix: "End it with a return.",
      slot: program.instructions.length - 1,
    }),
  },
  {
    kind: "control-flow",
    pattern: /jump out of range from insn|jump into the middle of ldimm64|fall.?through|invalid ldimm64/,
    explain: () => ({
      meaning: ["A jump leads out of its function, or into the middle of an instruction."],
      fix: "This is a mistake of the compiler that made the object.",
    }),
  },
  {
    kind: "instruction",
    pattern:
      /div by zero|invalid shift|frame pointer is read only|unknown opcode|uses? reserved fields|R\d+ is invalid|invalid (?:BPF_LD_IMM|bpf_ld_imm)64|invalid atomic operand size/,
    explain: () => ({
      meaning: ["There is no such instruction, or not with these operands."],
      fix: "Do not divide by a constant 0, nor shift by more bits than the number has; otherwise it is a mistake of the compiler.",
    }),
  },
];

/** Of the loop that was gone through most often the branch that goes back, or otherwise its first instruction. */
function busiest(evidence: Evidence): number | undefined {
  const { program, log } = evidence;
  const most = Math.max(0, ...log.visits.values());
  const often = new Set([...log.visits].filter(([, visits]) => visits * 2 > most).map(([slot]) => slot));
  if (often.size === 0) return undefined;
  const goesBack = (slot: number): boolean => {
    const { offset = 0 } = program.instructions[slot] ?? {};
    return evidence.effectAt(slot)?.kind === "jump" && offset < 0 && often.has(slot + 1 + offset);
  };
  const back = [...often].filter(goesBack);
  return back.length > 0 ? Math.max(...back) : Math.min(...often);
}
