import type { MapType, ObjectSpec, ProgramType } from "@weir/bytecode";
import { type Helper, helpers } from "@weir/bytecode/helpers";
import { probeHelper, probeMapType } from "@weir/kernel";
import {
  captureObject,
  cpusObject,
  devicesObject,
  monitorObject,
  nextHopObject,
  sampledMonitorObject,
  servicesObject,
} from "@weir/programs";
import { calledFunctions } from "../called-functions.ts";
import type { Need } from "./detection.ts";

/** The objects that commands load. */
const OBJECTS: Readonly<Record<string, () => readonly ObjectSpec[]>> = {
  "watch, attach": () => [monitorObject()],
  "watch --sample": () => [sampledMonitorObject()],
  capture: () => [captureObject()],
  "balance cpus": () => [cpusObject()],
  "balance devices": () => [devicesObject()],
  "balance services": () => [servicesObject(), nextHopObject()],
};

const byName = new Map(helpers.map((helper) => [helper.name, helper]));

/** The types of maps and the helpers that weir's own programs use, and whether the running kernel has them. */
export function probeNeeds(): Need[] {
  const maps = new Map<MapType, Set<string>>();
  const called = new Map<Helper, { readonly type: ProgramType; readonly commands: Set<string> }>();
  for (const [command, objects] of Object.entries(OBJECTS)) {
    for (const object of objects()) {
      for (const { type } of object.maps.values()) maps.set(type, (maps.get(type) ?? new Set()).add(command));
      for (const program of object.programs.values()) {
        for (const name of calledFunctions(program)) {
          const helper = byName.get(name);
          if (helper === undefined) throw new Error(`${program.name} calls ${name}, which is no helper`);
          const { commands, type } = called.get(helper) ?? { type: program.type, commands: new Set() };
          called.set(helper, { type, commands: commands.add(command) });
        }
      }
    }
  }
  return [
    ...Array.from(maps, ([name, commands]): Need => {
      return { kind: "map", name, for: [...commands], available: probeMapType(name) };
    }),
    ...Array.from(called, ([{ name, number }, { type, commands }]): Need => {
      // Those that want the GPL are there for weir's programs, which come under it.
      const { gplOnly: _, ...available } = probeHelper(number, type);
      return { kind: "helper", name, for: [...commands], available };
    }),
  ];
}
