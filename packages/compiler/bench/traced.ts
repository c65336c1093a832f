import { spawnSync } from "node:child_process";
import type { ObjectSpec, ProgramSpec } from "@weir/bytecode";
import { array, struct, u64 } from "@weir/bytecode/layout";
import { attachTracepoint, type BpfProgram, enableStatistics, loadObject, PerCpuArrayMap } from "@weir/kernel";
import type { Measurement } from "./measurement.ts";
import { median } from "./median.ts";
import type { Pair } from "./suite.ts";

/** Two processes that wake each other up, some ten thousand times. */
const SWITCHES = "dd if=/dev/zero bs=512 count=20000 status=none | dd of=/dev/null bs=512 status=none";
const Histogram = struct({ buckets: array(u64, 32), waits: u64, total: u64 });
/** Of those that one has seen the other may have missed few: events go on while one is asked after the other. */
const MOST_MISSED = 0.02;

/** Programs that run at tracepoints, one of which is timed. */
class Traced {
  readonly #programs: readonly { readonly program: BpfProgram; readonly spec: ProgramSpec }[];
  readonly #program: BpfProgram;
  readonly #waits: () => bigint;
  readonly #times: number[] = [];
  #waitsBefore = 0n;
  #before = { runs: 0n, nanoseconds: 0n };

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

  get info() {
    return this.#program.info();
  }

  /** Since the last `begin`. */
  get waits(): number {
    return Number(this.#waits() - this.#waitsBefore);
  }

  begin(): void {
    const { runs, runNanoseconds } = this.info;
    this.#waitsBefore = this.#waits();
    this.#before = { runs, nanoseconds: runNanoseconds };
  }

  end(): void {
    const { runs, runNanoseconds } = this.info;
    this.#times.push(Number(runNanoseconds - this.#before.nanoseconds) / Number(runs - this.#before.runs));
  }

  get nanoseconds(): number {
    return median(this.#times);
  }
}

/**
 * Measures programs at tracepoints: all are attached at once, so that they see the same, and the kernel times them. In each round
 * another one is the first at each event, which finds nothing in the caches.
 */
export function measureTraced(pair: Pair, rounds: number): Measurement {
  using objects = new DisposableStack();
  objects.use(enableStatistics());
  const traced = (spec: ObjectSpec) => new Traced(spec, pair.program, objects);
  const all = [traced(pair.weir()), traced(pair.clang()), traced(pair.clang())] as const;
  for (let round = 0; round < rounds; round++) {
    using links = new DisposableStack();
    for (const turn of all.keys()) all[(round + turn) % all.length]?.attach(links);
    for (const each of all) each.begin();
    spawnSync("sh", ["-c", SWITCHES]);
    for (const each of all) each.end();
  }
  const [weir, clang, again] = all;
  const [ours, theirs] = [weir.waits, clang.waits];
  if (!(theirs > 0) || Math.abs(ours - theirs) > MOST_MISSED * theirs) {
    throw new Error(`${pair.name}: weir saw ${ours} waits, clang ${theirs}`);
  }
  const of = (what: "translatedInstructions" | "verifiedInstructions") => ({
    weir: weir.info[what],
    clang: clang.info[what],
  });
  return {
    weir: weir.nanoseconds,
    clang: clang.nanoseconds,
    ratio: weir.nanoseconds / clang.nanoseconds,
    noise: again.nanoseconds / clang.nanoseconds,
    instructions: of("translatedInstructions"),
    verified: of("verifiedInstructions"),
  };
}
