import { readFileSync } from "node:fs";
import { enableStatistics, KernelError } from "@weir/kernel";
import type { Budget } from "../sampling.ts";
import type { ProgramCost } from "../snapshot.ts";
import { RateController } from "./rate-controller.ts";

/** A program whose cost the kernel counts and whose rate can be set. */
export interface BudgetedProgram {
  /** What the kernel has counted so far, while its statistics are on. */
  cost(): ProgramCost;
  /** From now on one of so many packets is sampled. */
  setRate(rate: number): void;
}

/** Milliseconds from one look at the cost to the next. */
const PERIOD = 100;

/**
 * Keeps the programs of a monitor within their share of one CPU, all with the same rate, as long as this lives. It has a timer of
 * its own: a monitor that is read once a minute, or never, keeps to its budget too.
 */
export class BudgetControl implements Disposable {
  readonly #share: number;
  readonly #programs: () => readonly BudgetedProgram[];
  readonly #controller: RateController;
  readonly #statistics = runStatistics();
  readonly #timer = setInterval(() => this.#adjust(), PERIOD).unref();
  #before: { readonly time: number; readonly costs: ReadonlyMap<BudgetedProgram, ProgramCost> };

  /** @param programs those that are attached now; each begins with `FIRST_RATE` */
  constructor(share: number, programs: () => readonly BudgetedProgram[]) {
    this.#share = share;
    this.#programs = programs;
    this.#controller = new RateController(share);
    this.#before = this.#measure();
  }

  /** One of so many packets is sampled now. */
  get rate(): number {
    return this.#controller.rate;
  }

  get state(): Budget {
    const { used, exceeded } = this.#controller;
    return { share: this.#share, used, exceeded };
  }

  #adjust(): void {
    const { before, rate } = { before: this.#before, rate: this.rate };
    const now = this.#measure();
    this.#before = now;
    let [runs, nanoseconds] = [0, 0];
    for (const [program, cost] of now.costs) {
      const earlier = before.costs.get(program) ?? cost;
      runs += Number(cost.runs - earlier.runs);
      nanoseconds += Number(cost.nanoseconds - earlier.nanoseconds);
    }
    this.#controller.learn({ seconds: (now.time - before.time) / 1000, runs, nanoseconds });
    if (this.rate === rate) return;
    for (const program of this.#programs()) program.setRate(this.rate);
  }

  #measure(): { time: number; costs: Map<BudgetedProgram, ProgramCost> } {
    const costs = new Map(this.#programs().map((program) => [program, program.cost()]));
    return { time: performance.now(), costs };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#statistics?.[Symbol.dispose]();
  }
}

/** Has the kernel measure programs; undefined where this process may not ask for it, and the administrator has done so already. */
function runStatistics(): Disposable | undefined {
  try {
    return enableStatistics();
  } catch (error) {
    const refused = error instanceof KernelError && error.code === "WEIR_PERMISSION";
    if (refused && readFileSync("/proc/sys/kernel/bpf_stats_enabled", "utf8").trim() === "1") return undefined;
    throw error;
  }
}
