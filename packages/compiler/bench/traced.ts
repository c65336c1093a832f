import { spawnSync } from "node:child_process";
import type { ObjectSpec, ProgramSpec } from "@weir/bytecode";
import { array, struct, u64 } from "@weir/bytecode/layout";
import {
  attachTracepoint,
  type BpfProgram,
  enableStatistics,
  loadObject,
  PerCpuArrayMap,
  type ProgramInfo,
} from "@weir/kernel";
import type { Measurement } from "./measurement.ts";
import { median } from "./median.ts";
import type { Pair } from "./suite.ts";

/** Two processes that wake each other up some ten thousand times: each block fills the pipe between them. */
const SWITCHES = "dd if=/dev/zero bs=64K count=4000 status=none | dd of=/dev/null bs=64K status=none";
const Histogram = struct({ buckets: array(u64, 32), waits: u64, total: u64 });
/** Of those that one has seen the others may have missed few: events go on while one is asked after the other. */
const MOST_MISSED = 0.02;
/** Behind the first. */
const PLACES = 3;

/** Programs that run at tracepoints, one of which is timed. */
class Traced {
  readonly #programs: readonly { readonly program: BpfProgram; readonly spec: ProgramSpec }[];
  readonly #program: BpfProgram;
  readonly #waits: () => bigint;

  constructor(spec: ObjectSpec, name: string, objects: DisposableStack) {
    const object = objects.use(loadObject(spec));
    this.#programs = [...spec.programs.values()].map((each) => {
      const found = object.program(each.name);
      if (found.kind === "not found") throw new Error(`no program ${each.name}`);
      return { program: found.program, spec: each };
    });
    const timed = this.#programs.find((each) => each.spec.name === name);
    if (timed === undefined) throw new Error(`no program ${name}`);
    this.#program = timed.program;
    const histogram = objects.use(PerCpuArrayMap.of(object.map("HISTOGRAM"), { value: Histogram }));
    this.#waits = () => histogram.at(0).reduce((sum, { waits }) => sum + waits, 0n);
  }

  attach(links: DisposableStack): void {
    for (const { program, spec } of this.#programs) links.use(attachTracepoint(program, spec));
  }

  /** What has been counted and timed since it was loaded. */
  get run(): Run {
    const info = this.#program.info();
    return { info, waits: Number(this.#waits()), nanoseconds: Number(info.runNanoseconds) / Number(info.runs) };
  }
}

interface Run {
  readonly info: ProgramInfo;
  /** Tasks that it saw waiting for a CPU. */
  readonly waits: number;
  /** Of one event, the mean of all. */
  readonly nanoseconds: number;
}

/** The runs of one of the objects that are compared, one for each round. */
class Runs {
  readonly #runs: Run[] = [];

  add(run: Run): void {
    this.#runs.push(run);
  }

  get info(): ProgramInfo {
    const [first] = this.#runs;
    if (first === undefined) throw new Error("it never ran");
    return first.info;
  }

  get nanoseconds(): number {
    return median(this.#turns);
  }

  ratioTo(other: Runs): number {
    return median(this.#turns.map((nanoseconds, turn) => nanoseconds / (other.#turns[turn] ?? Number.NaN)));
  }

  /** The mean of each series of rounds in which it had every place once. */
  get #turns(): number[] {
    const turns = Array.from({ length: Math.floor(this.#runs.length / PLACES) }, (_, turn) =>
      this.#runs.slice(turn * PLACES, (turn + 1) * PLACES),
    );
    return turns.map((runs) => runs.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0) / PLACES);
  }
}

/**
 * Measures programs at tracepoints: all are attached at once, so that they see the same, and the kernel times them. One that is not
 * timed comes first at each event, since that one finds nothing in the caches and takes twice as long; the others take turns behind it.
 * All are loaded anew in each round: where in memory the kernel puts them and their maps is chance.
 */
export function measureTraced(pair: Pair, rounds: number): Measurement {
  using _statistics = enableStatistics();
  const [weir, clang, again] = [new Runs(), new Runs(), new Runs()];
  const contenders = [
    { spec: pair.weir(), runs: weir },
    { spec: pair.clang(), runs: clang },
    { spec: pair.clang(), runs: again },
  ];
  for (let round = 0; round < rounds; round++) {
    const first = round % PLACES;
    const order = [...contenders.slice(first), ...contenders.slice(0, first)];
    const runs = runTogether(pair, [pair.clang(), ...order.map(({ spec }) => spec)]).slice(1);
    for (const [place, run] of runs.entries()) order[place]?.runs.add(run);
  }
  const of = (what: "translatedInstructions" | "verifiedInstructions") => ({
    weir: weir.info[what],
    clang: clang.info[what],
  });
  return {
    weir: weir.nanoseconds,
    clang: clang.nanoseconds,
    ratio: weir.ratioTo(clang),
    noise: again.ratioTo(clang),
    instructions: of("translatedInstructions"),
    verified: of("verifiedInstructions"),
  };
}

/** Loads the objects, attaches them in this order, and lets processes wake each other up. */
function runTogether(pair: Pair, specs: readonly ObjectSpec[]): Run[] {
  using objects = new DisposableStack();
  const all = specs.map((spec) => new Traced(spec, pair.program, objects));
  {
    using links = new DisposableStack();
    for (const each of all) each.attach(links);
    spawnSync("sh", ["-c", SWITCHES]);
  }
  const runs = all.map(({ run }) => run);
  const waits = runs.map((run) => run.waits);
  if (!(Math.min(...waits) >= Math.max(...waits, 1) * (1 - MOST_MISSED))) {
    throw new Error(`${pair.name}: of the same events the programs saw ${waits.join(", ")} waits`);
  }
  return runs;
}
