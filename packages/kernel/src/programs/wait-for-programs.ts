import type { MapSpec } from "@weir/bytecode";
import { ArrayOfMaps } from "../maps/array-of-maps.ts";
import { BpfMap } from "../maps/bpf-map.ts";

const INNER: MapSpec = {
  name: "waited_for",
  type: "array",
  keySize: 4,
  valueSize: 4,
  maxEntries: 1,
  flags: 0,
  keyType: 0,
  valueType: 0,
};

/**
 * Returns when every run of a program that had begun before has ended, on all CPUs: what was replaced or detached writes to no map any more.
 *
 * The kernel waits so (`synchronize_rcu`) when a map is put into an array of maps, which is done here with maps of no other use.
 *
 * @example
 * ```ts
 * using attachment = attachXdp({ interface: "eth0", program });
 * attachment.detach();
 * waitForPrograms(); // the program has counted its last packet
 * ```
 * It takes some milliseconds. Since Linux 5.0; sleepable programs are waited for since 6.8.
 * @throws {KernelError} `WEIR_PERMISSION`
 * @see kernel/bpf/syscall.c, maybe_wait_bpf_programs
 */
export function waitForPrograms(): void {
  using inner = BpfMap.create(INNER);
  using outer = BpfMap.create({ ...INNER, name: "waiting", type: "array-of-maps", inner: INNER });
  using maps = ArrayOfMaps.of(outer);
  maps.set(0, inner);
}
