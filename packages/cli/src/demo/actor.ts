import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { inside } from "./ip.ts";
import type { Report } from "./report.ts";

/** A module of the demo that runs as a process inside a namespace, and ends with this process whatever happens to it. */
export class Actor implements AsyncDisposable {
  readonly #child: ChildProcess;

  constructor(namespace: string, module: "server" | "client" | "watcher") {
    // Sources run as .ts, the built package as .js.
    const path = fileURLToPath(new URL(`./${module}${extname(import.meta.url)}`, import.meta.url));
    const { command, words, environment } = inside(namespace, process.execPath, [...process.execArgv, path]);
    this.#child = spawn(command, words, {
      env: environment,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      // Snapshots have bigints and dates.
      serialization: "advanced",
      // Ctrl-C goes to the process group of the terminal: the demo ends the actors itself, in order.
      detached: true,
    });
  }

  /** What the actor sends, until it ends. */
  async *reports(signal: AbortSignal): AsyncGenerator<Report> {
    const queue: Report[] = [];
    let wake = () => {};
    let ended = false;
    this.#child.on("message", (message) => {
      // The actors are our own modules and send nothing else.
      queue.push(message as Report);
      wake();
    });
    const end = () => {
      ended = true;
      wake();
    };
    for (const event of ["disconnect", "exit", "error"]) this.#child.once(event, end);
    signal.addEventListener("abort", end, { once: true });
    while (!ended && !signal.aborted) {
      yield* queue.splice(0);
      if (queue.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
    }
    yield* queue.splice(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exited;
  }
}
