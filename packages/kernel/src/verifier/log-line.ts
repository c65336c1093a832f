import { type FrameState, isState, readState } from "./register-state.ts";

/** One line of the verifier's log. */
export type LogLine =
  /** `14: (71) r3 = *(u8 *)(r2 +14)   ; R2=pkt(…) R3_w=scalar(…)`: an instruction, and what it left in registers. */
  | { readonly kind: "instruction"; readonly slot: number; readonly state: FrameState | undefined }
  /** `14: R1=ctx() R10=fp0`, or what follows `callee:` */
  | { readonly kind: "state"; readonly state: FrameState }
  /** `from 12 to 20: R0=…`: another way on from the jump in slot 12 is gone through now. */
  | { readonly kind: "edge"; readonly from: number; readonly to: number; readonly state: FrameState | undefined }
  /** Source text, notes about precision, statistics. */
  | { readonly kind: "note" }
  /** Anything else: an objection. */
  | { readonly kind: "objection"; readonly text: string };

const INSTRUCTION = /^(\d+): \([\da-f]{2}\) (.*)$/;
const STATE = /^(?:\d+:)? ?((?:frame\d+:|R\d+(?:_\w+)?=).*)$/;
const EDGE = /^from (\d+) to (\d+)(?: \(speculative execution\))?: ?(.*)$/;
const STATISTICS = /processed \d+ insns \(limit.*$/;
/**
 * Objections that follow in the same line: the kernel cuts a source line off at about 1,000 characters, without a line's end, and it ends
 * no line behind a jump that it went on from.
 */
const BEHIND_OTHERS =
  /(?:(?:back-edge from|unreachable) insn \d+(?: to \d+)?|BPF program is too large\. Processed \d+ insn|The sequence of \d+ jumps is too complex\.)$/;
const NOTES = [
  /^;/,
  /^(verification time|stack depth|max_states|peak_states|insns processed|total_states)/,
  /^(mark_precise|last_idx|regs=|parent |propagating|falling back|backtrack)/,
  /^(func#\d|Func#\d+ \('.*'\) is (safe|global)|Validating .* func#|reg type unsupported for arg#|Live regs before insn)/,
  /^(caller|callee|returning from callee|to caller at \d+):/,
  /^(cur state|old state):/,
  /^\s*\d+: (safe|[.\d]+ \()/,
];

export function readLine(line: string): LogLine {
  const objection = BEHIND_OTHERS.exec(line)?.[0];
  if (objection !== undefined) return { kind: "objection", text: objection };
  const text = line.replace(STATISTICS, "");
  const [, slot, rest = ""] = INSTRUCTION.exec(text) ?? [];
  if (slot !== undefined) return { kind: "instruction", slot: Number(slot), state: stateBehind(rest) };
  const [, from, to, entered = ""] = EDGE.exec(text) ?? [];
  if (from !== undefined) {
    const state = isState(entered) ? readState(entered) : undefined;
    return { kind: "edge", from: Number(from), to: Number(to), state };
  }
  const [, state] = STATE.exec(text) ?? [];
  if (state !== undefined) return { kind: "state", state: readState(state) };
  if (text.trim() === "" || NOTES.some((pattern) => pattern.test(text))) return { kind: "note" };
  return { kind: "objection", text: text.trim() };
}

/** Behind `;`, or, where the way goes on elsewhere, behind the slot that it goes to. */
function stateBehind(text: string): FrameState | undefined {
  const [, state] = /(?:; | \d+: )((?:frame\d+:|R\d+(?:_\w+)?=|refs=).*)$/.exec(text) ?? [];
  return state === undefined ? undefined : readState(state);
}
