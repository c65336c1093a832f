import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { type CommandResult, type NetworkNamespace, tryCommand } from "@weir/testing";

const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;

/** The words that run the command line from its sources. */
export function weirWords(words: readonly string[]): [command: string, words: string[]] {
  return [process.execPath, ["--conditions=source", MAIN, ...words]];
}

/** Runs `weir` to its end, in a namespace when one is given. */
export function weir(words: readonly string[], namespace?: NetworkNamespace): CommandResult {
  const [command, all] = weirWords(words);
  return namespace ? namespace.try(command, all) : tryCommand(command, all);
}

/** A `weir` that is running. */
export class RunningWeir implements Disposable {
  readonly process: ChildProcess;
  stdout = "";
  stderr = "";
  readonly #exit: Promise<[code: number | null, signal: NodeJS.Signals | null]>;

  constructor(words: readonly string[], namespace: NetworkNamespace) {
    const [command, all] = weirWords(words);
    this.process = namespace.spawn(command, all, { stdio: ["ignore", "pipe", "pipe"] });
    this.process.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    // Node gives the listeners of "close" these two.
    this.#exit = once(this.process, "close") as typeof this.exit;
  }

  /** Exit code and signal, once it has ended and all output has arrived. */
  get exit(): Promise<[code: number | null, signal: NodeJS.Signals | null]> {
    return this.#exit;
  }

  /** Waits until something is true, and fails with what was printed when it does not become so. */
  async until(condition: (weir: this) => boolean, milliseconds = 30_000): Promise<void> {
    const end = Date.now() + milliseconds;
    while (!condition(this)) {
      if (Date.now() > end) throw new Error(`it did not happen; printed were:\n${this.stdout}\n${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Waits for the first output, at which the interface is attached. */
  async started(): Promise<void> {
    await this.until(({ stdout }) => stdout.includes("\n"));
  }

  [Symbol.dispose](): void {
    this.process.kill("SIGKILL");
  }
}
