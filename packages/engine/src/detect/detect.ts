import {
  findInterface,
  interfaces,
  isBpfFileSystem,
  kernelFacts,
  type NetworkInterface,
  onlineCpus,
  searchHolders,
} from "@weir/kernel";
import { ifFound } from "../if-found.ts";
import { bpfFileSystem } from "../pinned/bpf-file-system.ts";
import type { DetectedInterface, Detection } from "./detection.ts";
import { findFacts, surroundingsOf } from "./interface-facts.ts";
import { probeNeeds } from "./needs.ts";
import { recommend } from "./recommendation.ts";
import { tryModes } from "./trials.ts";

/** What to look at besides what can be read. */
export interface DetectOptions {
  /** Attach a program that only passes frames, in each mode, for a moment; drivers of cards may pause for it. Default false. */
  readonly try?: boolean | undefined;
}

/**
 * Finds out what XDP can do on this machine: for each interface the driver, its XDP features, queues, offloads and programs, and how to
 * attach to it; what the kernel is set to, and what of weir's needs it has. Changes nothing, unless it is to try.
 *
 * @example
 * ```ts
 * for (const { name, recommendation } of detect(["eth0"]).interfaces) console.log(name, recommendation.monitor.mode);
 * ```
 * Reading needs no privilege; what a process without CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN cannot know is marked so.
 * @param names of interfaces, alternative ones too; all interfaces of this network namespace unless given
 * @throws {KernelError} `WEIR_NO_INTERFACE`
 */
export function detect(names: readonly string[] = [], options: DetectOptions = {}): Detection {
  const areNamed = names.length > 0;
  const all = interfaces();
  const targets = areNamed ? names.map((name) => findInterface(name)) : all;
  const facts = kernelFacts();
  const cpus = onlineCpus().length;
  // Looked for once, and only where there is a program.
  let holders: ReturnType<typeof searchHolders> | undefined;
  const detected = (target: NetworkInterface): DetectedInterface => {
    const found = findFacts(target, facts.release, (id) => {
      holders ??= searchHolders();
      return holders(id);
    });
    const trials = options.try === true ? tryModes(target, found.unanswered) : [];
    const recommendation = recommend({ ...found, ...surroundingsOf(target, cpus, all), trials });
    return { ...found, recommendation, ...(options.try === true && { trials }) };
  };
  return {
    kernel: { ...facts, cpus, bpfFileSystem: isBpfFileSystem(bpfFileSystem()), needs: probeNeeds() },
    interfaces: areNamed
      ? targets.map(detected)
      : // One that nobody named may be gone by now.
        targets.flatMap((target) => ifFound(() => detected(target)) ?? []),
  };
}
