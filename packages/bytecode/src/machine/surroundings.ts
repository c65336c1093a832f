import { Clock } from "./clock.ts";
import type { FunctionPlace } from "./function-place.ts";
import type { MachineMap } from "./maps/machine-map.ts";
import { Memory } from "./memory.ts";
import { repeatableNumbers } from "./random.ts";
import { idleTask, type Task } from "./task.ts";
import { Timers } from "./timers.ts";

/** Answers `bpf_fib_lookup` in place of routing tables: writes into the request, a `struct bpf_fib_lookup`, and gives r0. */
export type FibLookup = (request: Uint8Array, flags: number) => number;

/** What the programs of a machine share and find around them. It lives from run to run. */
export class Surroundings {
  readonly memory = new Memory();
  readonly clock = new Clock();
  readonly timers = new Timers();
  readonly maps = new Map<string, MachineMap>();
  /** Lines that programs wrote with `bpf_trace_printk`. */
  readonly trace: string[] = [];
  readonly cpus: number;
  readonly task: Task = { ...idleTask };
  random: () => number = repeatableNumbers(1);
  fibLookup: FibLookup | undefined;
  readonly #functions = new Map<FunctionPlace, bigint>();
  #cpu = 0;
  readonly #retired: bigint[] = [];

  constructor(cpus: number) {
    if (!Number.isInteger(cpus) || cpus < 1) throw new RangeError(`a machine has at least one CPU, not ${cpus}`);
    this.cpus = cpus;
  }

  /** The CPU that programs run on. */
  get cpu(): number {
    return this.#cpu;
  }

  set cpu(cpu: number) {
    if (!Number.isInteger(cpu) || cpu < 0 || cpu >= this.cpus) {
      throw new RangeError(`there is no CPU ${cpu}: the machine has ${this.cpus}, from 0 on`);
    }
    this.#cpu = cpu;
  }

  /** The address that stands for a function. */
  addressOf(place: FunctionPlace): bigint {
    const known = this.#functions.get(place);
    if (known !== undefined) return known;
    const name = `the code of program "${place.program}"`;
    const address = this.memory.add(name, new Uint8Array(), { owner: place });
    this.#functions.set(place, address);
    return address;
  }

  /** Takes out memory that is no longer a map's, when the program that runs has ended. */
  retire(address: bigint): void {
    this.#retired.push(address);
  }

  /** No program runs that could hold addresses of what was retired. */
  endGrace(): void {
    for (const address of this.#retired.splice(0)) this.memory.remove(address);
  }
}
