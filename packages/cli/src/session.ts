import type { Compiler } from "./compiler.ts";
import type { Development, Engine } from "./engine.ts";

/** Where text goes: standard output of the process, or what a test puts in its place. */
export interface Output {
  write(text: string, written?: () => void): boolean;
  once(event: "drain", listener: () => void): unknown;
  on(event: "resize", listener: () => void): unknown;
  off(event: "drain" | "resize", listener: () => void): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** All that a command may know of the process that it runs in. */
export interface Session {
  readonly output: Output;
  readonly errors: Output;
  /** Aborted by Ctrl-C, by SIGTERM, and when nobody reads the output any more. */
  readonly signal: AbortSignal;
  /**
   * Lets signals end the process as they end any other, instead of aborting `signal`: for work that blocks, and leaves nothing
   * behind.
   */
  letSignalsEnd(): void;
  /** Has SIGHUP ask for something instead of ending the process. */
  onHangUp(listener: () => void): void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /**
   * Loaded when a command needs it: `weir --help` must not wait for it, nor fail where it cannot be loaded.
   *
   * @param uses "once" where the process lives for one thing that takes much code, such as making rules into a program
   */
  engine(uses?: "once" | "often"): Promise<Engine>;
  /** The part of the engine for those who write programs, which is no part of the rest. */
  development(): Promise<Development>;
  /**
   * Loaded as the engine is.
   *
   * @param uses Whether the process lives for one compilation, or goes on with others.
   * @throws {CliError} `WEIR_TOOL` where it is not installed
   */
  compiler(uses: "once" | "often"): Promise<Compiler>;
}

/** Writes, and waits while the reader is behind, so that a slow pipe does not fill the memory. */
export async function write(output: Output, text: string, signal: AbortSignal): Promise<void> {
  if (output.write(text) || signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const go = () => resolve();
  output.once("drain", go);
  signal.addEventListener("abort", go, { once: true });
  await promise;
  output.off("drain", go);
  signal.removeEventListener("abort", go);
}
