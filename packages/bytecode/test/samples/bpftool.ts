import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { PrivateBpffs } from "./private-bpffs.ts";
import { TemporaryFile } from "./temporary-file.ts";

function bpftool(...options: readonly string[]): string {
  return execFileSync("bpftool", options, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** A program that bpftool loaded; unloaded at the end of the scope. */
export class LoadedProgram {
  readonly #bpffs = new PrivateBpffs();
  readonly #pin: string = join(this.#bpffs.path, "program");

  constructor(object: Uint8Array) {
    using file = new TemporaryFile("program.o", object);
    try {
      bpftool("prog", "load", file.path, this.#pin);
    } catch (error) {
      this.#bpffs[Symbol.dispose]();
      throw error;
    }
  }

  /** The kernel's instructions, with functions and source lines. */
  disassembly(): string {
    return bpftool("prog", "dump", "xlated", "pinned", this.#pin, "linum");
  }

  /** What the program returns for a packet. */
  run(packet: Uint8Array): bigint {
    using input = new TemporaryFile("packet", packet);
    const text = bpftool("prog", "run", "pinned", this.#pin, "data_in", input.path, "repeat", "1");
    return BigInt(/Return value: (\d+)/.exec(text)?.[1] ?? "");
  }

  [Symbol.dispose](): void {
    this.#bpffs[Symbol.dispose]();
  }
}
