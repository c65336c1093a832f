import { helperNumbers } from "./numbers.generated.ts";

/** A helper function of the kernel, such as `bpf_map_lookup_elem`; bpf-helpers(7) describes them. */
export type HelperName = keyof typeof helperNumbers;

const names = new Map<number, string>(Object.entries(helperNumbers).map(([name, number]) => [number, name]));

/**
 * The number that calls the helper.
 *
 * @example
 * ```ts
 * callHelper(helperNumber("bpf_ktime_get_ns"));
 * ```
 */
export function helperNumber(name: HelperName): number {
  return helperNumbers[name];
}

/**
 * The name of a helper, undefined for a number that Linux 6.18 does not know.
 *
 * @example
 * ```ts
 * helperName(1); // "bpf_map_lookup_elem"
 * ```
 */
export function helperName(number: number): string | undefined {
  return names.get(number);
}
