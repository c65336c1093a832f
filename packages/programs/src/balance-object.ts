import { readFileSync } from "node:fs";
import { type ObjectSpec, readObject } from "@weir/bytecode";

const built = (name: string): ObjectSpec => readObject(readFileSync(new URL(`../dist/${name}.bpf.o`, import.meta.url)));

/**
 * The object that holds program `xdp_balance_services`, a layer-4 load balancer that counts as the monitor does.
 *
 * @example
 * ```ts
 * const object = withConfig(servicesObject(), { ring_size: 65_537 });
 * ```
 */
export const servicesObject = (): ObjectSpec => built("services");

/**
 * The object that holds program `xdp_next_hop`, which asks the kernel's routing tables.
 *
 * @example
 * ```ts
 * using object = loadObject(nextHopObject());
 * ```
 */
export const nextHopObject = (): ObjectSpec => built("next-hop");
