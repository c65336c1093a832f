import type { Decoded } from "@weir/bytecode/layout";
import { BACKEND_NONE, type Delivery } from "@weir/programs";
import { EngineError } from "../../errors.ts";
import type { BalanceMaps } from "./balance-maps.ts";

/** Words of an element of map `BACKENDS`. */
const WORDS = 4;
const STATE = 0;
const SERVICE = 1;
const DELIVERY = 2;
const NUMBER = 3;

/** The numbers that backends have in the kernel's tables, and what stands there. */
export class BackendSlots {
  readonly #maps: BalanceMaps;
  readonly #free: number[];
  readonly #used = new Set<number>();

  constructor(maps: BalanceMaps, count: number) {
    this.#maps = maps;
    this.#free = Array.from({ length: count }, (_, index) => count - 1 - index);
  }

  /** A number for a backend of a service; nothing is sent to it yet. @throws {EngineError} `WEIR_OPTION` */
  take(service: number): number {
    const number = this.#free.pop();
    if (number === undefined) {
      throw new EngineError(
        "WEIR_OPTION",
        "there is no room for another backend\n  Start the balancer with a larger capacity.backends.",
      );
    }
    // Connections of another backend that had this number are not this one's.
    if (this.#used.has(number)) this.#forget(number);
    this.#used.add(number);
    this.setState(number, BACKEND_NONE);
    this.#write(number, NUMBER, number);
    this.#write(number, SERVICE, service);
    this.#write(number, DELIVERY, number * 2);
    return number;
  }

  /** The number may be another's from now on. Its entries in Maglev tables must be gone. */
  giveBack(number: number): void {
    this.setState(number, BACKEND_NONE);
    this.#free.unshift(number);
  }

  setState(number: number, state: number): void {
    this.#write(number, STATE, state);
  }

  /** How packets get there from now on: what is in force is never changed, the other one is written and put in its place. */
  setDelivery(number: number, delivery: Decoded<typeof Delivery>): void {
    const inForce = this.#maps.backends[number * WORDS + DELIVERY] ?? 0;
    const other = inForce === number * 2 ? inForce + 1 : number * 2;
    this.#maps.deliveries.set(other, delivery);
    this.#write(number, DELIVERY, other);
  }

  #write(number: number, word: number, value: number): void {
    Atomics.store(this.#maps.backends, number * WORDS + word, value);
  }

  #forget(number: number): void {
    const { connections } = this.#maps;
    for (let index = 0; index < connections.length; index += 2) {
      const low = connections[index] ?? 0;
      if (low >>> 16 !== number || (low === 0 && connections[index + 1] === 0)) continue;
      connections[index] = 0;
      connections[index + 1] = 0;
    }
  }
}
