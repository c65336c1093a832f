import type { Register } from "../code/register.ts";

/** A few registers in ascending order, of which one comes or goes with each instruction. */
export class OrderedRegisters {
  readonly #members: Register[] = [];
  readonly #has: Uint8Array;

  /** For registers below `limit`. */
  constructor(limit: number) {
    this.#has = new Uint8Array(limit);
  }

  get members(): readonly Register[] {
    return this.#members;
  }

  has(register: Register): boolean {
    return this.#has[register] === 1;
  }

  add(register: Register): void {
    if (this.has(register)) return;
    this.#has[register] = 1;
    let at = this.#members.length;
    for (; at > 0; at--) {
      const before = this.#members[at - 1] ?? 0;
      if (before < register) break;
      this.#members[at] = before;
    }
    this.#members[at] = register;
  }

  delete(register: Register): void {
    if (!this.has(register)) return;
    this.#has[register] = 0;
    this.#members.splice(this.#members.indexOf(register), 1);
  }

  /** Others instead of those that are in it. */
  replace(registers: readonly Register[]): void {
    for (const register of this.#members) this.#has[register] = 0;
    this.#members.length = 0;
    for (const register of registers) this.add(register);
  }
}
