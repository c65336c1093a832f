import type { ProgramSpec, SourcePosition } from "@weir/bytecode";
import { Evidence } from "./evidence.ts";
import type { ValueRange } from "./range.ts";
import type { RefusalKind } from "./refusal.ts";
import { refusals } from "./refusals/index.ts";
import { type SourceCall, SourceLines } from "./source-lines.ts";
import { readVerifierLog, type Step } from "./verifier-log.ts";

/** Where a value comes from that was refused later, or what made it unusable. */
export interface RefusalCause {
  /** undefined without line info. */
  readonly position: SourcePosition | undefined;
  /** "the index is read from a map's value, and may be 0 to 255" */
  readonly words: string;
  /** What the value may be there; undefined when it is no number. */
  readonly range: ValueRange | undefined;
}

/** A refusal as people understand it. */
export interface ExplainedRefusal {
  readonly kind: RefusalKind;
  /** The verifier's own words. */
  readonly reason: string;
  /** Slot of the instruction that is named; undefined when the log names none. */
  readonly slot: number | undefined;
  /** Where that instruction comes from; undefined without line info. */
  readonly position: SourcePosition | undefined;
  /** The calls that led there, the innermost first. */
  readonly calls: readonly SourceCall[];
  /** What is wrong: sentences. */
  readonly meaning: readonly string[];
  readonly because: RefusalCause | undefined;
  /** What to write instead: a sentence. */
  readonly fix: string | undefined;
}

/**
 * Makes of a log what people need: the place, what is wrong there, where that comes from, what to write instead.
 *
 * @param missing what the kernel lacks, by the slot that needs it
 */
export function explain(
  program: ProgramSpec,
  btf: Uint8Array | undefined,
  lines: readonly string[],
  missing: ReadonlyMap<number, string> = new Map(),
): ExplainedRefusal {
  const log = readVerifierLog(lines);
  const evidence = new Evidence(program, log, missing);
  const source = new SourceLines(program, btf);
  for (const refusal of refusals) {
    const found = refusal.pattern.exec(log.reason);
    const explanation = found === null ? undefined : refusal.explain(found, evidence);
    if (explanation === undefined) continue;
    const slot = explanation.slot ?? log.slot;
    const { cause } = explanation;
    return {
      kind: refusal.kind,
      reason: log.reason,
      ...place(source, slot, log.last),
      meaning: explanation.meaning,
      because: cause && { position: source.position(cause.slot), words: cause.words, range: cause.range },
      fix: explanation.fix,
    };
  }
  return {
    kind: "unknown",
    reason: log.reason,
    ...place(source, log.slot, log.last),
    meaning: [],
    because: undefined,
    fix: undefined,
  };
}

function place(source: SourceLines, slot: number | undefined, last: Step | undefined) {
  if (slot === undefined) return { slot, position: undefined, calls: [] };
  const calls = source.inlined(slot);
  let function_ = source.functionName(slot);
  for (const call of callers(last)) {
    const position = source.position(call);
    if (position !== undefined) calls.push({ function: function_, position }, ...source.inlined(call));
    function_ = source.functionName(call);
  }
  return { slot, position: source.position(slot), calls };
}

/** The slots of the calls that are not over at a step, the innermost first. */
function callers(last: Step | undefined): number[] {
  const calls: number[] = [];
  let frame = last?.frame ?? 0;
  for (let step = last; step !== undefined && frame > 0; step = step.before) {
    if (step.frame >= frame || step.slot === undefined) continue;
    frame = step.frame;
    calls.push(step.slot);
  }
  return calls;
}
