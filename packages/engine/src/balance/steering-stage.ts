import { EngineError } from "../errors.ts";
import type { AttachedMode } from "../mode.ts";
import type { InterfaceStage, LoadedStage } from "../monitor/interface-stage.ts";
import type { LoadedMonitor } from "../monitor/load-monitor.ts";
import type { Snapshot } from "../snapshot.ts";
import type { Outcomes } from "./outcomes.ts";
import type { SteeringPlan } from "./steering-plan.ts";
import { SteeringReader } from "./steering-reader.ts";
import { TargetFrames } from "./target-frames.ts";

const PROGRAM = "xdp_steer";
const UNTOLD = "this kernel does not tell what becomes of redirected frames: it has no BTF (CONFIG_DEBUG_INFO_BTF)";

/** A plan as a stage of a monitor. */
export function steeringStage(plan: SteeringPlan): InterfaceStage {
  return { object: plan.object, program: PROGRAM, load: (loaded) => new LoadedSteering(plan, loaded) };
}

/** Steering in the kernel, with what counts its outcomes. */
class LoadedSteering implements LoadedStage {
  readonly warnings: readonly string[];
  readonly #plan: SteeringPlan;
  readonly #loaded: LoadedMonitor;
  readonly #frames: TargetFrames;
  readonly #outcomes: Outcomes | undefined;
  readonly #resources: DisposableStack;
  #reader: SteeringReader | undefined;

  constructor(plan: SteeringPlan, loaded: LoadedMonitor) {
    this.#plan = plan;
    this.#loaded = loaded;
    using stack = new DisposableStack();
    plan.fill(loaded.object);
    this.#outcomes = plan.outcomes(loaded.object, loaded.program);
    if (this.#outcomes !== undefined) stack.use(this.#outcomes);
    this.#frames = stack.use(new TargetFrames(loaded.object));
    this.warnings = [...plan.warnings, ...(this.#outcomes === undefined ? [UNTOLD] : [])];
    this.#resources = stack.move();
  }

  begin(mode: AttachedMode, at: bigint): void {
    const seen = () => this.#loaded.maps.readStats().frames;
    this.#reader = new SteeringReader(this.#plan, mode, { frames: this.#frames, outcomes: this.#outcomes, seen }, at);
  }

  read(keep: boolean): Pick<Snapshot, "steering"> {
    return this.#reader === undefined ? {} : { steering: this.#reader.read(keep) };
  }

  ending(): EngineError | undefined {
    const lost = this.#plan.lost(this.#loaded.object);
    return lost === undefined ? undefined : new EngineError("WEIR_INTERFACE_REMOVED", lost);
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}
