import {
  findInterface,
  interfaces,
  isBpfFileSystem,
  kernelFacts,
  type NetworkInterface,
  onlineCpus,
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
export function detect(names?: readonly string[], options: DetectOptions = {}): Detection {
  const targets = names === undefined || names.length === 0 ? interfaces() : names.map((name) => findInterface(name));
  const facts = kernelFacts();
  const cpus = onlineCpus().length;
  return {
    kernel: { ...facts, cpus, bpfFileSystem: isBpfFileSystem(bpfFileSystem()), needs: probeNeeds() },
    interfaces: targets.flatMap((target): DetectedInterface[] => {
      const detected = () => detectInterface(target, facts.release, cpus, options);
      // One that nobody named may be gone by now.
      if (names !== undefined && names.length > 0) return [detected()];
      return ifFound(() => [detected()]) ?? [];
    }),
  };
}

function detectInterface(
  target: NetworkInterface,
  release: string,
  cpus: number,
  options: DetectOptions,
): DetectedInterface {
  const found = findFacts(target, release);
  const trials = options.try === true ? tryModes(target) : [];
  const recommendation = recommend({ ...found, ...surroundingsOf(target, cpus), trials });
  return { ...found, recommendation, ...(options.try === true && { trials }) };
}
