import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { type NetworkNamespace, tryCommand } from "@weir/laboratory";
import { WATCHED } from "./network.ts";

/** tcpdump on the watched interface: the second opinion on what came in. */
export class Tcpdump implements Disposable {
  readonly #process: ChildProcess;
  readonly #chunks: Buffer[] = [];

  private constructor(process: ChildProcess) {
    this.#process = process;
    process.stdout?.on("data", (chunk: Buffer) => this.#chunks.push(chunk));
  }

  static async start(namespace: NetworkNamespace): Promise<Tcpdump> {
    // A short snap length makes room for many frames in the kernel's buffer: a full one would lose some.
    const words = ["-nni", WATCHED, "-Q", "in", "--immediate-mode", "-s", "128", "-U", "-w", "-"];
    const process = namespace.spawn("tcpdump", words, { stdio: ["ignore", "pipe", "pipe"] });
    const tcpdump = new Tcpdump(process);
    // It says on which interface it listens once it does.
    if (process.stderr) await once(process.stderr, "data");
    return tcpdump;
  }

  /** Ends it when nothing more comes: what it has not yet read when it is ended is lost. */
  async stop(): Promise<void> {
    for (let chunks = -1; chunks !== this.#chunks.length; ) {
      chunks = this.#chunks.length;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    this.#process.kill("SIGINT");
    await once(this.#process, "close");
  }

  /** How many of the frames match a filter; without one, all. */
  count(...filter: readonly string[]): number {
    const { stdout } = tryCommand("tcpdump", ["-r", "-", "--count", ...filter], { input: Buffer.concat(this.#chunks) });
    return Number.parseInt(stdout, 10);
  }

  [Symbol.dispose](): void {
    this.#process.kill("SIGKILL");
  }
}
