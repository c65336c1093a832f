import { readFileSync } from "node:fs";
import { type ObjectSpec, readObject } from "@weir/bytecode";

/** Built from kernel/steer.bpf.ts by `npm run build`; the paths are the same from src/ and from dist/. */
const CPUS = new URL("../dist/cpus.bpf.o", import.meta.url);
const DEVICES = new URL("../dist/devices.bpf.o", import.meta.url);

/**
 * The object with program `xdp_steer` that hands frames to other CPUs: the maps of the monitor, and `CPUS`, `CPU_NUMBERS` and
 * `TARGETS`. Its `targets` says how many CPUs there are.
 *
 * @example
 * ```ts
 * const object = withMap(withConfig(cpusObject(), { targets: 2 }), "TARGETS", { maxEntries: 3 });
 * ```
 */
export function cpusObject(): ObjectSpec {
  return readObject(readFileSync(CPUS));
}

/**
 * The object with program `xdp_steer` that sends frames out on other interfaces, or on all of them where `mirror` is 1: the maps of
 * the monitor, and `DEVICES` and `TARGETS`.
 *
 * @example
 * ```ts
 * const object = withMap(withConfig(devicesObject(), { targets: 2, mirror: 0 }), "DEVICES", { maxEntries: 2 });
 * ```
 */
export function devicesObject(): ObjectSpec {
  return readObject(readFileSync(DEVICES));
}
