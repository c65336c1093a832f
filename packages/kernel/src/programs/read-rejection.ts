/** What a verifier's log says of the rejection. */
export interface Rejection {
  /** Slot of the instruction that was refused; undefined when the log names none. */
  readonly slot: number | undefined;
  /** The verifier's reason, in its own words. */
  readonly reason: string;
}

/** `14: (71) r3 = *(u8 *)(r2 +14)`: an instruction that the verifier went through. */
const INSTRUCTION = /^(\d+): \(/;
/** `unreachable insn 3`, `back-edge from insn 7 to 2`: complaints before it went through any. */
const NAMED_INSTRUCTION = /\binsn (\d+)/;
/** The kernel cuts a source line off at about 1,000 characters, without a line's end: such a complaint then follows in the same line. */
const BEHIND_SOURCE = /(?:back-edge from|unreachable) insn \d+(?: to \d+)?$/;
/** Register states, source lines, bookkeeping: everything in a log that is no reason. */
const STATISTICS = /^processed \d+ insns/;
const NOISE = [
  STATISTICS,
  /^(verification time|stack depth|max_states|peak_states|func#\d|Func#\d|last_idx|regs=|parent |mark_precise|frame\d|caller|callee)/,
  /^(;|\s|from \d+ to \d+|\d+: )/,
  /^R\d+\w*=/,
  /^(safe|propagating)/,
];

/** Finds in a log which instruction was refused, and why: the lines behind the last instruction. */
export function readRejection(log: readonly string[]): Rejection {
  const last = log.findLastIndex((line) => INSTRUCTION.test(line));
  const reasons = log
    .slice(last + 1)
    .flatMap((line) => BEHIND_SOURCE.exec(line)?.[0] ?? (NOISE.some((pattern) => pattern.test(line)) ? [] : [line]));
  const reason = reasons.join("; ") || (log.findLast((line) => !STATISTICS.test(line)) ?? "");
  const slot = INSTRUCTION.exec(log[last] ?? "")?.[1] ?? NAMED_INSTRUCTION.exec(reason)?.[1];
  return { slot: slot === undefined ? undefined : Number(slot), reason };
}
