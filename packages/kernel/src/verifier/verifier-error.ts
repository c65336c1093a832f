import type { ProgramSpec, SourcePosition } from "@weir/bytecode";
import { errnoName } from "../errors/errno.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { excerpt, placeName } from "./excerpt.ts";
import { type ExplainedRefusal, explain, type RefusalCause } from "./explain.ts";
import type { RefusalKind } from "./refusal.ts";
import type { SourceCall } from "./source-lines.ts";

/**
 * The verifier rejected a program. The message has the line of the program's source, the calls that led there, the verifier's
 * reason, what it means, where the value comes from that was refused, and what to write instead. The whole log is in `log`.
 *
 * @example
 * ```
 * the kernel rejected program "count" at count.bpf.ts:12:3
 *   12 │   row.cells[index] = packet.length;
 *      │   ^^^^^^^^^
 *   in store, called at count.bpf.ts:21:3
 *   21 │   store(row, packet);
 *      │   ^^^^^^^^^^^^^^^^^^
 *   R0 unbounded memory access, make sure to bounds check any such access
 *   The index may be 0 to 4294967295, so the access may be outside of a value of map ROWS, which has 36 bytes.
 *   At count.bpf.ts:11:17 the index is read from a value of map ROWS, and may be 0 to 4294967295:
 *   11 │   const index = row.at;
 *      │                 ^^^^^^
 *   Compare the index with the length first, or mask it: index & 7 for 8 elements.
 *   (19 lines of the verifier's log omitted)
 * ```
 */
export class VerifierError extends KernelError {
  override readonly name = "VerifierError";
  readonly programName: string;
  /** What was refused, by a name that stays the same between kernels. */
  readonly kind: RefusalKind;
  /** The verifier's own words. */
  readonly reason: string;
  /** Slot of the instruction that was refused; undefined when the log names none. */
  readonly slot: number | undefined;
  /** Where that instruction comes from; undefined without line info. */
  readonly position: SourcePosition | undefined;
  /** The calls that led there, the innermost first: also of functions that became part of their callers. */
  readonly calls: readonly SourceCall[];
  /** What is wrong, in sentences. */
  readonly meaning: readonly string[];
  /** Where the value comes from that was refused, or what made it unusable; undefined where the log does not tell. */
  readonly because: RefusalCause | undefined;
  /** What to write instead. */
  readonly fix: string | undefined;
  /** Everything that the verifier wrote. */
  readonly log: readonly string[];

  /** @param missing what the kernel lacks, by the slot that needs it */
  constructor(
    spec: ProgramSpec,
    errno: number,
    log: readonly string[],
    btf: Uint8Array | undefined,
    missing: ReadonlyMap<number, string> = new Map(),
  ) {
    const refusal = explain(spec, btf, log, missing);
    super({
      code: "WEIR_VERIFIER",
      attempted: "BPF_PROG_LOAD",
      subject: `program "${spec.name}"`,
      errno,
      answer: `${errnoName(errno)}: ${refusal.reason}`,
      advice: [...refusal.meaning, ...(refusal.fix === undefined ? [] : [refusal.fix])],
    });
    this.programName = spec.name;
    this.kind = refusal.kind;
    this.reason = refusal.reason;
    this.slot = refusal.slot;
    this.position = refusal.position;
    this.calls = refusal.calls;
    this.meaning = refusal.meaning;
    this.because = refusal.because;
    this.fix = refusal.fix;
    this.log = log;
    this.message = this.#describe(0);
  }

  /** The message with the last lines of the log behind it. */
  format({ last = 20 }: { readonly last?: number } = {}): string {
    return this.#describe(last);
  }

  #describe(last: number): string {
    const shown = last > 0 ? this.log.slice(-last) : [];
    const omitted = this.log.length - shown.length;
    return [
      ...describeRefusal(this.programName, this),
      ...(omitted > 0 ? [`  (${omitted} ${omitted === 1 ? "line" : "lines"} of the verifier's log omitted)`] : []),
      ...shown.map((line) => `  ${line}`),
    ].join("\n");
  }
}

/** The lines of the message, up to the log. */
export function describeRefusal(
  programName: string,
  { position, slot, calls, reason, meaning, because, fix }: ExplainedRefusal,
): string[] {
  const instruction = slot === undefined ? "" : ` at instruction ${slot}`;
  return [
    `the kernel rejected program "${programName}"${position === undefined ? instruction : ` at ${placeName(position)}`}`,
    ...(position === undefined ? [] : excerpt(position)),
    ...calls.flatMap((call) => [
      `  in ${call.function ?? "a function"}, called at ${placeName(call.position)}`,
      ...excerpt(call.position),
    ]),
    `  ${reason}`,
    ...meaning.map((sentence) => `  ${sentence}`),
    ...describeCause(because, position),
    ...(fix === undefined ? [] : [`  ${fix}`]),
  ];
}

function describeCause(cause: RefusalCause | undefined, refused: SourcePosition | undefined): string[] {
  if (cause === undefined) return [];
  const { position, words } = cause;
  if (position === undefined) return [`  Before that ${words}.`];
  // The place is shown already.
  if (refused !== undefined && placeName(refused) === placeName(position)) return [`  Here ${words}.`];
  return [`  At ${placeName(position)} ${words}:`, ...excerpt(position)];
}
