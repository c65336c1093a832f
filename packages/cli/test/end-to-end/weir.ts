import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { type CommandResult, type NetworkNamespace, tryCommand } from "@weir/laboratory";

const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;
/** Node keeps what it compiled there: half of what a short run takes. */
const ENVIRONMENT = { NODE_COMPILE_CACHE: new URL("../../../../node_modules/.cache/weir", import.meta.url).pathname };

/** The words that run the command line from its sources. */
export function weirWords(words: readonly string[]): [command: string, words: string[]] {
  return [process.execPath, ["--conditions=source", MAIN, ...words]];
}

/** Runs `weir` to its end, in a namespace when one is given, with more in its environment. */
export function weir(
  words: readonly string[],
  namespace?: NetworkNamespace,
  environment: Readonly<Record<string, string>> = {},
): CommandResult {
  const [command, all] = weirWords(words);
  const options = { environment: { ...ENVIRONMENT, ...environment } };
  return namespace ? namespace.try(command, all, options) : tryCommand(command, all, options);
}

/** What `weir` prints, when it ends with 0. Several may run at a time. */
export async function weirOutput(words: readonly string[]): Promise<string> {
  const options = { maxBuffer: 256 << 20, env: { ...process.env, ...ENVIRONMENT } };
  const { stdout } = await promisify(execFile)(...weirWords(words), options);
  return stdout;
}

/** A `weir` that is running. */
export class RunningWeir implements Disposable {
  readonly process: ChildProcess;
  stdout = "";
  stderr = "";
  readonly #exit: Promise<[code: number | null, signal: NodeJS.Signals | null]>;

  constructor(words: readonly string[], namespace: NetworkNamespace) {
    const [command, all] = weirWords(words);
    const env = { ...process.env, ...ENVIRONMENT };
    this.process = namespace.spawn(command, all, { stdio: ["ignore", "pipe", "pipe"], env });
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

  /** The last whole line so far. Forgets the lines before it, so that a long run does not pile them up. */
  lastLine(): string {
    const end = this.stdout.lastIndexOf("\n");
    this.stdout = this.stdout.slice(this.stdout.lastIndexOf("\n", end - 1) + 1);
    return this.stdout.slice(0, this.stdout.indexOf("\n"));
  }

  [Symbol.dispose](): void {
    this.process.kill("SIGKILL");
  }
}
