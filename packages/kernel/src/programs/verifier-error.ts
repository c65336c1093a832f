import type { ProgramSpec } from "@weir/bytecode";
import { errnoName } from "../errors/errno.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { explainLack, explainRejection } from "./explain-rejection.ts";
import { readRejection } from "./read-rejection.ts";
import { type SourcePosition, sourcePositionOf } from "./source-position.ts";

/**
 * The verifier rejected a program. The message begins with the line of the program's source and the verifier's reason;
 * the whole log is in `log`.
 *
 * @example
 * ```
 * the kernel rejected program "filter" at filter.bpf.ts:41:16
 *   41 │   const port = packet.at(Ports, offset);
 *      │                ^
 *   invalid access to packet, off=34 size=2, R3(id=2,off=34,r=34)
 *   This read is not covered by a bounds check: the packet may end before it.
 *   (212 lines omitted; see error.log)
 * ```
 */
export class VerifierError extends KernelError {
  override readonly name = "VerifierError";
  readonly programName: string;
  /** The verifier's own words. */
  readonly reason: string;
  /** Slot of the instruction that was refused; undefined when the log names none. */
  readonly slot: number | undefined;
  /** Where that instruction comes from; undefined without line info. */
  readonly position: SourcePosition | undefined;
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
    const { slot, reason } = readRejection(log);
    const position = slot === undefined ? undefined : sourcePositionOf(spec, slot, btf);
    const lacking = slot === undefined ? undefined : missing.get(slot);
    super({
      code: "WEIR_VERIFIER",
      attempted: "BPF_PROG_LOAD",
      subject: `program "${spec.name}"`,
      errno,
      answer: `${errnoName(errno)}: ${reason}`,
      advice: lacking === undefined ? explainRejection(reason) : explainLack(lacking),
    });
    this.programName = spec.name;
    this.reason = reason;
    this.slot = slot;
    this.position = position;
    this.log = log;
    this.message = this.#describe(0);
  }

  /** The message with the last lines of the log behind it. */
  format({ last = 20 }: { readonly last?: number } = {}): string {
    return this.#describe(last);
  }

  #describe(last: number): string {
    const { position, slot } = this;
    const at =
      position === undefined ? (slot === undefined ? "" : ` at instruction ${slot}`) : ` at ${place(position)}`;
    const shown = last > 0 ? this.log.slice(-last) : [];
    const omitted = this.log.length - shown.length;
    return [
      `the kernel rejected program "${this.programName}"${at}`,
      ...(position === undefined ? [] : underline(position)),
      `  ${this.reason}`,
      ...this.advice.map((sentence) => `  ${sentence}`),
      ...(omitted > 0 ? [`  (${omitted} lines omitted; see error.log)`] : []),
      ...shown.map((line) => `  ${line}`),
    ].join("\n");
  }
}

function place({ file, line, column }: SourcePosition): string {
  return `${file}:${line}:${column}`;
}

function underline({ line, column, text }: SourcePosition): string[] {
  // A compiler that read its input from a pipe knows no text.
  if (text === "") return [];
  const number = String(line);
  const start = Math.min(Math.max(column - 1, 0), text.length);
  // Tabs stay tabs, so that the caret stands under its character.
  const indent = text.slice(0, start).replaceAll(/[^\t]/g, " ");
  return [
    `  ${number} │ ${text}`,
    `  ${" ".repeat(number.length)} │ ${indent}${"^".repeat(underlined(text.slice(start)))}`,
  ];
}

/** How many characters to underline: the expression's first words, as far as a line alone can tell. */
function underlined(rest: string): number {
  return Math.max(1, /^[\w.]*(\([^()]*\))?/.exec(rest)?.[0].length ?? 1);
}
