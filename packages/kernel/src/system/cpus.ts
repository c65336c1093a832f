import { readFileSync } from "node:fs";

const counts = new Map<string, number>();

/**
 * How many CPUs this machine could ever have: the length of a per-CPU value.
 *
 * @example
 * ```ts
 * possibleCpus() * 8; // bytes of a per-CPU counter
 * ```
 */
export function possibleCpus(): number {
  return count("possible");
}

/** How many CPUs are plugged in, whether they run or not. */
export function presentCpus(): number {
  return count("present");
}

/**
 * The CPUs that run now, in ascending order. CPUs can be switched on and off while the system runs.
 *
 * @example
 * ```ts
 * onlineCpus(); // [0, 1, 2, 3]
 * ```
 */
export function onlineCpus(): readonly number[] {
  return numbersOf(readFileSync("/sys/devices/system/cpu/online", "utf8"));
}

/** The numbers in the kernel's list of CPUs, such as `0-3,8-11`. */
export function numbersOf(list: string): readonly number[] {
  return list
    .trim()
    .split(",")
    .flatMap((range) => {
      const [first = Number.NaN, last = first] = range.split("-").map(Number);
      if (!Number.isInteger(first) || !Number.isInteger(last))
        throw new Error(`cannot read the list of CPUs: ${JSON.stringify(list)}`);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

function count(kind: "possible" | "present"): number {
  let number = counts.get(kind);
  if (number === undefined) {
    number = countOf(readFileSync(`/sys/devices/system/cpu/${kind}`, "utf8"));
    counts.set(kind, number);
  }
  return number;
}

/**
 * One more than the highest number in the kernel's list of CPUs, such as `0-3,8-11`: the kernel lays per-CPU values out by
 * number, holes included.
 */
export function countOf(list: string): number {
  const last = Number(list.trim().split(/[,-]/).at(-1));
  if (!Number.isInteger(last)) throw new Error(`cannot read the list of CPUs: ${JSON.stringify(list)}`);
  return last + 1;
}
