import { statSync } from "node:fs";
import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { type BpfProgram, DeviceMap, KernelError, type LoadedObject, type NetworkInterface } from "@weir/kernel";
import { devicesObject } from "@weir/programs";
import type { Mode } from "../mode.ts";
import { usableInterface } from "../monitor/usable-interface.ts";
import { deviceTargets } from "./device-targets.ts";
import { checkRedirect, runsInDriver } from "./ingress.ts";
import { deviceRefused, deviceSent, redirectFailed } from "./outcome-programs.ts";
import { Outcomes } from "./outcomes.ts";
import type { PlannedTarget, SteeringPlan } from "./steering-plan.ts";

/** To send an interface's packets out on others. @throws {EngineError | KernelError} when one of them cannot be */
export function devicePlan(name: string, to: readonly string[], mirror: boolean, mode: Mode): SteeringPlan {
  const ingress = usableInterface(name);
  checkRedirect(ingress, mode);
  const { targets: devices, warnings } = deviceTargets(to, ingress, runsInDriver(ingress, mode));
  const targets = devices.map(({ name, index }, key): PlannedTarget => ({ target: name, key, number: index }));
  return {
    kind: mirror ? "mirror" : "devices",
    ingress,
    mode,
    targets,
    warnings,
    object: sized(targets.length, mirror),
    fill: (object) => fill(object, targets),
    outcomes: (object, program) => outcomes(object, program, ingress, targets),
    // In mode skb a frame that was sent leaves no trace.
    tellsDelivery: (attached) => attached === "drv",
    lost(object) {
      // The kernel takes an interface out of the map when it goes, or goes to another network namespace.
      using devices = DeviceMap.of(object.map("DEVICES"));
      const gone = targets.find(({ key }) => devices.get(key) === undefined);
      if (gone === undefined) return undefined;
      return (
        `target ${gone.target} is not there any more\n` +
        `  What was to go to it has been passed on; the balancer was taken off ${ingress.name}.`
      );
    },
  };
}

function sized(targets: number, mirror: boolean): ObjectSpec {
  const configured = withConfig(devicesObject(), { targets, mirror: mirror ? 1 : 0 });
  const elements = mirror ? 2 : targets + 1;
  return withMapSizes(configured, { DEVICES: targets, TARGETS: elements });
}

function fill(object: LoadedObject, targets: readonly PlannedTarget[]): void {
  using devices = DeviceMap.of(object.map("DEVICES"));
  for (const { key, number } of targets) devices.set(key, { interfaceIndex: number });
}

function outcomes(
  object: LoadedObject,
  program: BpfProgram,
  { index }: NetworkInterface,
  targets: readonly PlannedTarget[],
): Outcomes | undefined {
  const { id } = object.map("DEVICES").info;
  const namespace = statSync("/proc/thread-self/ns/net").ino;
  try {
    const programs = [redirectFailed(id), deviceSent(index, namespace), deviceRefused(program.id, namespace)];
    return new Outcomes(programs, targets);
  } catch (error) {
    // A kernel that does not tell its types tells nothing of devices either.
    if (error instanceof KernelError && error.isNotSupported) return undefined;
    throw error;
  }
}
