import { closeSync, constants, openSync, readSync } from "node:fs";
import { hasCode } from "../errors/has-code.ts";

/** The longest record that the kernel gives. */
const RECORD = 8192;

/**
 * What the kernel writes into its log from now on: some drivers say why they refuse there alone.
 *
 * @see https://www.kernel.org/doc/Documentation/ABI/testing/dev-kmsg
 */
export class KernelLog implements Disposable {
  readonly #descriptor: number;
  readonly #record = Buffer.alloc(RECORD);

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
    // There is no other way to its end in Node.
    this.newLines();
  }

  /** Undefined where this process may not read the log, which may take CAP_SYSLOG, or there is none. */
  static open(): KernelLog | undefined {
    try {
      return new KernelLog(openSync("/dev/kmsg", constants.O_RDONLY | constants.O_NONBLOCK));
    } catch (error) {
      if (hasCode(error, "EACCES", "EPERM", "ENOENT", "ENXIO", "ENODEV")) return undefined;
      throw error;
    }
  }

  /** What came in since the last call, without time and level. */
  newLines(): string[] {
    const lines: string[] = [];
    for (;;) {
      const record = this.#read();
      if (record === undefined) return lines;
      // `6,1234,5678901,-;text`, and properties of the device in lines of their own.
      const text = record.slice(record.indexOf(";") + 1).split("\n")[0];
      if (text) lines.push(text);
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }

  /** Undefined at the end. */
  #read(): string | undefined {
    for (;;) {
      try {
        const length = readSync(this.#descriptor, this.#record, 0, RECORD, null);
        // Containers may have something else there, which ends.
        return length === 0 ? undefined : this.#record.toString("utf8", 0, length);
      } catch (error) {
        // Records were overwritten meanwhile: it goes on with the oldest that is left. After anything else there are no more words.
        if (!hasCode(error, "EPIPE")) return undefined;
      }
    }
  }
}
