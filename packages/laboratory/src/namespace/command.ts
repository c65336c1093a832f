import { spawnSync } from "node:child_process";

/** What `runCommand` takes besides the words of the command. */
export interface CommandOptions {
  readonly input?: string | Uint8Array;
  /** Milliseconds after which the command is ended; 20,000 unless given. In an emulated machine it has more. */
  readonly timeout?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a finished command left behind. `code` is 128 + signal number's place when a signal ended it: see `signal`. */
export interface CommandResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How many times as long things may take as on a machine of their own: the projects for other kernels set it. */
const PATIENCE = Number(process.env.WEIR_TEST_PATIENCE ?? 1);

/** Runs a command to its end and gives back how it ended, whatever the exit code. Throws only when it cannot start. */
export function tryCommand(command: string, words: readonly string[], options: CommandOptions = {}): CommandResult {
  const { status, signal, stdout, stderr, error } = spawnSync(command, words, {
    encoding: "utf8",
    input: options.input ?? "",
    timeout: (options.timeout ?? 20_000) * PATIENCE,
    killSignal: "SIGKILL",
    maxBuffer: 256 << 20,
    env: { ...process.env, ...options.environment },
  });
  if (error) throw new Error(`cannot run ${[command, ...words].join(" ")}: ${error.message}`, { cause: error });
  return { code: status, signal, stdout, stderr };
}

/** Runs a command that has to succeed and gives back what it printed. */
export function runCommand(command: string, words: readonly string[], options: CommandOptions = {}): string {
  const result = tryCommand(command, words, options);
  if (result.code !== 0) {
    const ending = result.signal ? `was ended by ${result.signal}` : `ended with ${result.code}`;
    throw new Error(`${[command, ...words].join(" ")} ${ending}: ${(result.stderr || result.stdout).trim()}`);
  }
  return result.stdout;
}
