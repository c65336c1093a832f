import { basename } from "node:path";
import type { Running, RunOptions } from "@weir/engine/development";
import type { Compiler } from "../compiler.ts";
import type { Development } from "../engine.ts";
import { diagnosticLines } from "../reporters/diagnostics.ts";
import type { RunEvent } from "../reporters/run-reporter.ts";
import type { KernelSource } from "./kernel-source.ts";
import { verifierLog } from "./verifier-log.ts";

/** Refusals of a program, and no failures of the rest: another version of it may do. */
const OF_THE_PROGRAM = new Set(["WEIR_VERIFIER", "WEIR_OPTION", "WEIR_KERNEL", "WEIR_NOT_SUPPORTED", "WEIR_NOT_FOUND"]);

/** A kernel file that runs: compiled and attached, and replaced when it was compiled again. */
export class Runner implements Disposable {
  readonly source: KernelSource;
  readonly #compiler: Compiler;
  readonly #development: Development;
  readonly #options: RunOptions;
  #running: Running | undefined;

  constructor(source: KernelSource, compiler: Compiler, development: Development, options: RunOptions) {
    this.source = source;
    this.#compiler = compiler;
    this.#development = development;
    this.#options = { ...options, name: basename(source.file).replace(/\..*$/, "") };
  }

  /** Undefined until the first version is attached. */
  get running(): Running | undefined {
    return this.#running;
  }

  /**
   * Compiles, and attaches or replaces.
   *
   * @returns what became of it: mistakes are no exceptions
   * @throws {EngineError | KernelError} what the kernel refuses
   */
  build(): RunEvent {
    const { object, diagnostics, milliseconds } = this.source.build();
    if (object === undefined) {
      const consequence = this.#running === undefined ? "nothing runs" : "the version before runs on";
      return { event: "mistakes", diagnostics, text: diagnosticLines(diagnostics, this.#compiler, consequence) };
    }
    if (this.#running !== undefined) {
      const before = this.#running.traceProblem;
      const replacement = this.#running.replace(object);
      const { traceProblem } = this.#running;
      const isNew = traceProblem !== undefined && before === undefined;
      return { event: "replaced", milliseconds, ...replacement, ...(isNew && { traceProblem }) };
    }
    this.#running = this.#development.run(object, this.#options);
    const { programs, traceProblem } = this.#running;
    return { event: "attached", milliseconds, programs, ...(traceProblem !== undefined && { traceProblem }) };
  }

  /**
   * The same while it is watched: refusals of the program are told, and the version before runs on.
   *
   * @param withLog with all that the verifier wrote
   */
  tryBuild(withLog: boolean): RunEvent {
    try {
      return this.build();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && OF_THE_PROGRAM.has(String(error.code)))) throw error;
      const consequence = this.#running === undefined ? "nothing runs" : "the version before runs on";
      const log = withLog ? verifierLog(error).map((line) => `\n  ${line}`) : [];
      return { event: "refused", message: `${error.message}\n  ${consequence}${log.join("")}` };
    }
  }

  [Symbol.dispose](): void {
    this.#running?.[Symbol.dispose]();
  }
}
