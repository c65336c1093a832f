import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { ArrayMap, CpuMap, type LoadedObject, onlineCpus } from "@weir/kernel";
import { CpuNumber, cpusObject } from "@weir/programs";
import type { Mode } from "../mode.ts";
import { usableInterface } from "../monitor/usable-interface.ts";
import { checkRedirect } from "./ingress.ts";
import { cpuQueueFull, cpuTook, redirectFailed } from "./outcome-programs.ts";
import { Outcomes } from "./outcomes.ts";
import type { PlannedTarget, SteeringPlan } from "./steering-plan.ts";

/** To spread an interface's packets over CPUs that were checked. @throws {EngineError | KernelError} */
export function cpuPlan(name: string, cpus: readonly number[], queueSize: number, mode: Mode): SteeringPlan {
  const ingress = usableInterface(name);
  checkRedirect(ingress, mode);
  const targets = cpus.map((cpu): PlannedTarget => ({ target: cpu, key: cpu, number: cpu }));
  return {
    kind: "cpus",
    ingress,
    mode,
    targets,
    warnings: [],
    object: sized(cpus),
    fill: (object) => fill(object, cpus, queueSize),
    outcomes(object) {
      const { id } = object.map("CPUS").info;
      return new Outcomes([cpuQueueFull(id), cpuTook(id), redirectFailed(id)], targets);
    },
    tellsDelivery: () => true,
    lost() {
      const online = onlineCpus();
      const gone = cpus.find((cpu) => !online.includes(cpu));
      if (gone === undefined) return undefined;
      return `CPU ${gone} was switched off, so the balancer was taken off ${ingress.name}\n  Start it again with the CPUs that run.`;
    },
  };
}

function sized(cpus: readonly number[]): ObjectSpec {
  const sizes = { TARGETS: cpus.length + 1, CPU_NUMBERS: cpus.length, CPUS: Math.max(...cpus) + 1 };
  return withMapSizes(withConfig(cpusObject(), { targets: cpus.length }), sizes);
}

function fill(object: LoadedObject, cpus: readonly number[], queueSize: number): void {
  using map = CpuMap.of(object.map("CPUS"));
  using numbers = ArrayMap.of(object.map("CPU_NUMBERS"), { value: CpuNumber });
  for (const [index, number] of cpus.entries()) {
    map.set(number, { queueSize });
    numbers.set(index, { number });
  }
}
