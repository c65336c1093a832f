import { interfaces, type NetworkInterface } from "./network-interface.ts";

/** Kinds that stand on another interface so that the kernel counts them as above it; tunnels only name one to send by. */
const STANDING_ON: ReadonlySet<string | undefined> = new Set([
  "vlan",
  "macvlan",
  "macvtap",
  "ipvlan",
  "ipvtap",
  "macsec",
  "vxlan",
]);

/**
 * The interfaces that get an interface's packets before, or instead of, the protocols: the bond or bridge that it is a port of, VLANs and
 * macvlans on it. Those in other network namespaces are not seen.
 *
 * @example
 * ```ts
 * upperInterfaces(findInterface("eth0")).map(({ name }) => name); // ["bond0"]
 * ```
 * @param all among which to look
 * @throws {KernelError} when the kernel refuses to list them
 */
export function upperInterfaces({ index, master }: NetworkInterface, all = interfaces()): NetworkInterface[] {
  return all.filter(
    (each) =>
      each.index === master ||
      (STANDING_ON.has(each.kind) && each.lower?.index === index && each.lower.namespace === undefined),
  );
}

/**
 * The ports of a bond, bridge or the like.
 *
 * @example
 * ```ts
 * portsOf(findInterface("bond0")).map(({ name }) => name); // ["eth0", "eth1"]
 * ```
 * @param all among which to look
 * @throws {KernelError} when the kernel refuses to list them
 */
export function portsOf({ index }: NetworkInterface, all = interfaces()): NetworkInterface[] {
  return all.filter(({ master }) => master === index);
}
