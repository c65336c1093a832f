import { MachineError } from "./machine-error.ts";
import type { Reservation } from "./maps/ring-buffer.ts";
import type { Memory } from "./memory.ts";

/** What a program has taken and must give back before it ends: a lock, records of ring buffers. */
export class Held {
  #lock: bigint | undefined;
  readonly #records = new Map<bigint, Reservation>();

  /** `bpf_spin_lock`. */
  lock(address: bigint): void {
    if (this.#lock !== undefined) throw new MachineError("a lock is taken while another is held");
    this.#lock = address;
  }

  /** `bpf_spin_unlock`. */
  unlock(address: bigint): void {
    if (this.#lock !== address) throw new MachineError("a lock is given back that is not held");
    this.#lock = undefined;
  }

  /** While a lock is held nothing else may be called. */
  checkCall(name: string): void {
    if (this.#lock !== undefined && name !== "bpf_spin_unlock" && name !== "bpf_spin_lock") {
      throw new MachineError(`${name} is called while a lock is held`);
    }
  }

  reserve(address: bigint, reservation: Reservation): void {
    this.#records.set(address, reservation);
  }

  /** The record that begins at an address, which is no longer the program's. */
  giveBack(address: bigint): Reservation {
    const reservation = this.#records.get(address);
    if (reservation === undefined)
      throw new MachineError(`0x${address.toString(16)} is not the address of a reserved record`);
    this.#records.delete(address);
    return reservation;
  }

  /** @throws {MachineError} when the program ends and holds something */
  checkNone(): void {
    if (this.#lock !== undefined) throw new MachineError("the program ends and holds a lock");
    for (const { ring } of this.#records.values()) {
      throw new MachineError(
        `the program ends, and a record of ring buffer "${ring.spec.name}" was neither submitted nor discarded`,
      );
    }
  }

  /** The run has ended, in whatever way: what is still reserved is discarded. */
  release(memory: Memory): void {
    for (const [address, reservation] of this.#records) {
      reservation.end("discarded");
      memory.remove(address);
    }
    this.#records.clear();
  }
}
