import type { NetworkNamespace } from "./network-namespace.ts";

/** What `vethPair` can be told. */
export interface VethOptions {
  /** Names of the two ends; `veth0` in both namespaces unless given. */
  readonly names?: readonly [string, string];
  /** `false` leaves both ends without addresses, so that the kernel itself sends nothing but what IPv6 does. */
  readonly addresses?: boolean;
  readonly mtu?: number;
}

/** One end of a veth pair. Addresses are set unless they were switched off. */
export interface VethEnd {
  readonly namespace: NetworkNamespace;
  readonly name: string;
  readonly hardwareAddress: string;
  readonly ipv4: string;
  readonly ipv6: string;
}

/**
 * Joins two namespaces with a virtual cable; both ends are up. The left end is 192.0.2.1 and 2001:db8::1, the right .2 and ::2.
 * The hardware addresses are those that the packet builder uses by default, from left to right.
 */
export function vethPair(
  left: NetworkNamespace,
  right: NetworkNamespace,
  options: VethOptions = {},
): [VethEnd, VethEnd] {
  const [leftName, rightName] = options.names ?? ["veth0", "veth0"];
  const ends: [VethEnd, VethEnd] = [end(left, leftName, 1), end(right, rightName, 2)];
  const mtu = options.mtu ? ["mtu", String(options.mtu)] : [];
  left.run("ip", [
    ...["link", "add", "name", leftName, "address", ends[0].hardwareAddress, ...mtu, "type", "veth"],
    ...["peer", "name", rightName, "address", ends[1].hardwareAddress, ...mtu, "netns", right.name],
  ]);
  for (const { namespace, name, ipv4, ipv6 } of ends) {
    const addresses =
      options.addresses === false ? [] : [`${ipv4}/24`, ...(hasIpv6(namespace, name) ? [`${ipv6}/64`] : [])];
    for (const address of addresses) namespace.run("ip", ["address", "add", address, "dev", name]);
    namespace.run("ip", ["link", "set", "dev", name, "up"]);
  }
  return ends;
}

function end(namespace: NetworkNamespace, name: string, number: 1 | 2): VethEnd {
  const hardwareAddress = `02:00:00:00:00:0${number}`;
  return { namespace, name, hardwareAddress, ipv4: `192.0.2.${number}`, ipv6: `2001:db8::${number}` };
}

function hasIpv6(namespace: NetworkNamespace, name: string): boolean {
  return namespace.try("cat", [`/proc/sys/net/ipv6/conf/${name}/disable_ipv6`]).stdout.trim() === "0";
}
