import { MachineError } from "./machine-error.ts";

/** r0 to r10: unsigned 64-bit values, or none before the first write and after a call. */
export class Registers {
  readonly #values = new BigUint64Array(11);
  /** A bit for each register that has a value. */
  #set = 0;

  read(register: number): bigint {
    if ((this.#set & (1 << register)) === 0) throw new MachineError(`r${register} is read, but has no value`);
    // In range, since it is among those that were written.
    return this.#values[register] ?? 0n;
  }

  /** Wraps to 64 bits. */
  write(register: number, value: bigint): void {
    if (register >= this.#values.length) throw new MachineError(`there is no r${register}`);
    this.#values[register] = value;
    this.#set |= 1 << register;
  }

  /** The values of `registers`, where they have one. */
  copyTo(other: Registers, registers: readonly number[]): void {
    for (const register of registers) {
      if ((this.#set & (1 << register)) !== 0) other.write(register, this.read(register));
    }
  }

  clear(registers: readonly number[]): void {
    for (const register of registers) this.#set &= ~(1 << register);
  }
}
