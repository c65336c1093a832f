import { readLine } from "./log-line.ts";
import type { FrameState } from "./register-state.ts";

/** A step on a way through the program. */
export interface Step {
  /** The instruction; undefined where the log only says what is known. */
  readonly slot: number | undefined;
  readonly frame: number;
  /** What is known behind it; of registers that it did not change nothing may be said. */
  readonly state: FrameState | undefined;
  /** The step before it on the same way. */
  readonly before: Step | undefined;
}

/** What a log says of a refusal. */
export interface VerifierLog {
  /** The slot that was refused; undefined when the log names none. */
  readonly slot: number | undefined;
  /** The verifier's reason, in its own words. */
  readonly reason: string;
  /** The last step of the way that was refused; undefined when there was an objection before the first step. */
  readonly last: Step | undefined;
  /** How often the log has each slot. */
  readonly visits: ReadonlyMap<number, number>;
}

/** `unreachable insn 3`, `infinite loop detected at insn 10`: an objection that names an instruction itself. */
const NAMED_SLOT = /\binsn (\d+)/;

/**
 * Reads what the verifier wrote, in the formats of Linux 6.1 to 6.18.
 *
 * The verifier goes through one way to its end, then takes up the latest jump that it has not followed to both sides. So the
 * instructions in the log are of many ways, and a way is found backwards: before `from 12 to 20` is the latest visit of slot 12
 * that was not taken up yet.
 */
export function readVerifierLog(lines: readonly string[]): VerifierLog {
  const visits = new Map<number, Step[]>();
  const counts = new Map<number, number>();
  let objections: string[] = [];
  let step: Step | undefined;
  for (const line of lines) {
    const read = readLine(line);
    switch (read.kind) {
      case "instruction":
        step = {
          slot: read.slot,
          frame: read.state?.frame ?? step?.frame ?? 0,
          state: read.state,
          before: step,
        };
        push(visits, read.slot, step);
        counts.set(read.slot, (counts.get(read.slot) ?? 0) + 1);
        objections = [];
        break;
      case "state":
        step = { slot: undefined, frame: read.state.frame, state: read.state, before: step };
        break;
      case "edge": {
        const jump = visits.get(read.from)?.pop();
        step = jump;
        if (read.state !== undefined) {
          step = { slot: undefined, frame: read.state.frame, state: read.state, before: jump };
        }
        break;
      }
      case "objection":
        objections.push(read.text);
        break;
      case "note":
        break;
    }
  }
  const reason = objections.join("; ") || (lines.findLast((line) => line.trim() !== "") ?? "");
  const named = NAMED_SLOT.exec(reason)?.[1];
  const last = lastInstruction(step);
  return { slot: named === undefined ? last?.slot : Number(named), reason, last, visits: counts };
}

function push<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function lastInstruction(step: Step | undefined): Step | undefined {
  let found = step;
  while (found !== undefined && found.slot === undefined) found = found.before;
  return found;
}
