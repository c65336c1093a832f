import { MachineError } from "../machine-error.ts";
import type { Memory } from "../memory.ts";
import type { Context } from "./context.ts";

/** A context that is plain bytes: arguments of a tracepoint, or a record. */
export class RecordContext implements Context {
  readonly address: bigint;
  readonly size: number;
  readonly packet = undefined;
  readonly #memory: Memory;
  readonly #access: "read-only" | "writable";

  constructor(memory: Memory, bytes: Uint8Array, access: "read-only" | "writable") {
    this.#memory = memory;
    this.#access = access;
    this.size = bytes.length;
    this.address = memory.add("the context", bytes, { access });
  }

  get bytes(): Uint8Array {
    return this.#memory.read(this.address, this.size);
  }

  load(): undefined {
    return undefined;
  }

  store(): void {
    if (this.#access === "read-only") throw new MachineError("the context is written; it can be read only");
  }

  release(): void {
    this.#memory.remove(this.address);
  }
}
