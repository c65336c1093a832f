import { onlineCpus, possibleCpus } from "@weir/kernel";
import { EngineError } from "../errors.ts";

/** The kernel takes no longer queue (`cpu_map_alloc_entry`). */
const LONGEST_QUEUE = 16_384;

/**
 * The CPUs that packets can be handed to.
 *
 * @throws {EngineError} `WEIR_OPTION` when there is none, one twice, or one that does not run: what is queued for a CPU that is
 * switched off waits for ever
 */
export function usableCpus(cpus: readonly number[]): readonly number[] {
  if (cpus.length === 0) throw wrong("is empty", "at least one CPU");
  const online = new Set(onlineCpus());
  const seen = new Set<number>();
  for (const cpu of cpus) {
    if (!Number.isInteger(cpu) || cpu < 0) throw wrong(`has ${cpu}`, "numbers from 0");
    if (cpu >= possibleCpus()) throw wrong(`has CPU ${cpu}`, `CPUs of this machine: ${listText([...online])}`);
    if (!online.has(cpu)) {
      throw new EngineError(
        "WEIR_OPTION",
        `option cpus has CPU ${cpu}, which is switched off\n` +
          `  These run: ${listText([...online])}. Switch it on: echo 1 > /sys/devices/system/cpu/cpu${cpu}/online`,
      );
    }
    if (seen.has(cpu)) throw wrong(`has CPU ${cpu} twice`, "each CPU once");
    seen.add(cpu);
  }
  return cpus;
}

/** Packets that may wait for one CPU. @throws {EngineError} `WEIR_OPTION` */
export function queueSizeSetting(queueSize = 2048): number {
  if (Number.isInteger(queueSize) && queueSize >= 1 && queueSize <= LONGEST_QUEUE) return queueSize;
  throw new EngineError(
    "WEIR_OPTION",
    `option queueSize is ${queueSize}; it must be a whole number from 1 to ${LONGEST_QUEUE}`,
  );
}

function wrong(fault: string, allowed: string): EngineError {
  return new EngineError("WEIR_OPTION", `option cpus ${fault}; it must have ${allowed}`);
}

/** `0-2,5`: numbers in ascending order as the kernel lists them. */
function listText(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}
