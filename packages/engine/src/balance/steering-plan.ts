import type { ObjectSpec } from "@weir/bytecode";
import type { BpfProgram, LoadedObject, NetworkInterface } from "@weir/kernel";
import type { AttachedMode, Mode } from "../mode.ts";
import type { SteeringKind } from "../steering.ts";
import type { Outcomes, TargetKey } from "./outcomes.ts";

/** A target and its names: for people, in the map of targets, for the tracepoints. */
export interface PlannedTarget extends TargetKey {
  readonly target: number | string;
}

/** What a balancer is to do: checked, and ready to be loaded. */
export interface SteeringPlan {
  readonly kind: SteeringKind;
  readonly ingress: NetworkInterface;
  readonly mode: Mode;
  readonly targets: readonly PlannedTarget[];
  /** What may go wrong, a sentence each. */
  readonly warnings: readonly string[];
  /** The program, with its maps made to measure. */
  readonly object: ObjectSpec;
  /** Puts the targets into the maps. */
  fill(object: LoadedObject): void;
  /** Starts to count what becomes of redirected frames; undefined when this kernel cannot tell. */
  outcomes(object: LoadedObject, program: BpfProgram): Outcomes | undefined;
  /** Whether the kernel tells what was delivered. */
  tellsDelivery(mode: AttachedMode): boolean;
  /** What to say of the first target that is not there any more; undefined as long as all are. */
  lost(object: LoadedObject): string | undefined;
}
