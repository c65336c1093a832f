import { cpus, release } from "node:os";
import type { ObjectSpec } from "@weir/bytecode";
import { type BpfProgram, type LoadedObject, loadObject } from "@weir/kernel";
import { ethernet, type Packet } from "@weir/testing";

const REPEAT = 1_000_000;
const ROUNDS = 15;

/** A loaded program: nanoseconds of one run over a frame, many runs' mean. */
export type Runner = (frame: Uint8Array) => number;

/** Ways of packets through the program, one for each line of the report. */
export const PATHS: Readonly<Record<string, Packet>> = {
  "IPv4/TCP": ethernet().ipv4().tcp({ destinationPort: 80 }),
  "IPv6/UDP": ethernet().ipv6().udp({ destinationPort: 53 }),
  VLAN: ethernet().vlan(5).ipv4().tcp({ destinationPort: 80 }),
  "extension headers": ethernet()
    .ipv6()
    .extension("hopByHop")
    .extension("destinationOptions")
    .udp({ destinationPort: 53 }),
};

/** Loads a program for measuring; `prepare` fills its maps. */
export function runner(
  spec: ObjectSpec,
  name: string,
  objects: DisposableStack,
  prepare: (object: LoadedObject) => void = () => {},
): Runner {
  const object = objects.use(loadObject(spec));
  prepare(object);
  const found = object.program(name);
  if (found.kind === "not found") throw new Error(`no program ${name}`);
  return runnerOf(found.program);
}

/** The same of a program that is loaded already. */
export function runnerOf(program: BpfProgram): Runner {
  // CPU time of this thread: the kernel gives whole nanoseconds of clock, and one is two percent; and another process may run
  // in between.
  return (data) => {
    const before = process.threadCpuUsage();
    program.testRun({ data, repeat: REPEAT });
    const { user, system } = process.threadCpuUsage(before);
    return ((user + system) * 1000) / REPEAT;
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const figure = (nanoseconds: number): string => nanoseconds.toFixed(1);

/** Medians over rounds in which the programs take turns, and medians of the rounds' ratios. */
export class Comparison {
  readonly #times: ReadonlyMap<string, readonly number[]>;

  constructor(programs: Readonly<Record<string, Runner>>, frame: Uint8Array) {
    const all = Object.entries(programs);
    const times = new Map<string, number[]>(all.map(([name]) => [name, []]));
    for (let round = 0; round < ROUNDS; round++) {
      // Each round begins with another program, so that none always follows the same one.
      for (const turn of all.keys()) {
        const [name, run] = all[(round + turn) % all.length] ?? [];
        if (name !== undefined && run !== undefined) times.get(name)?.push(run(frame));
      }
    }
    this.#times = times;
  }

  /** Nanoseconds. */
  median(name: string): number {
    return median(this.#of(name));
  }

  ratio(name: string, to: string): string {
    const base = this.#of(to);
    return median(this.#of(name).map((value, round) => value / (base[round] ?? Number.NaN))).toFixed(3);
  }

  /** Nanoseconds beyond another program, by the rounds' differences. */
  beyond(name: string, base: string): string {
    const others = this.#of(base);
    return figure(median(this.#of(name).map((value, round) => value - (others[round] ?? Number.NaN))));
  }

  /** All times, program by program. */
  lines(): string[] {
    return [...this.#times].map(
      ([name, values]) => `  ${name.padEnd(12)} median ${figure(median(values))} ns: ${values.map(figure).join(" ")}`,
    );
  }

  #of(name: string): readonly number[] {
    return this.#times.get(name) ?? [];
  }
}

/** What was measured, on what. */
export function heading(): string {
  return `${cpus()[0]?.model}, Linux ${release()}, test run, ${ROUNDS} rounds of ${REPEAT} packets`;
}
