import type { NetworkNamespace } from "./network-namespace.ts";

/** An interface of a kind, in a namespace. */
export interface InterfaceOfKind {
  /** What there is to say of it. */
  readonly what: string;
  readonly name: string;
}

/** The commands of iproute2 and ethtool that make one; each has two ends, or none. */
const RECIPES: readonly (InterfaceOfKind & { readonly commands: readonly string[] })[] = [
  { what: "loopback", name: "lo", commands: [] },
  { what: "veth", name: "veth0", commands: ["ip link add veth0 type veth peer name veth1"] },
  {
    what: "veth whose other end has GRO",
    name: "gro0",
    commands: ["ip link add gro0 type veth peer name gro1", "ethtool -K gro1 gro on"],
  },
  {
    what: "veth, jumbo frames",
    name: "jumbo0",
    commands: ["ip link add jumbo0 mtu 9000 type veth peer name jumbo1 mtu 9000"],
  },
  { what: "tap", name: "tap0", commands: ["ip tuntap add tap0 mode tap"] },
  { what: "tun", name: "tun0", commands: ["ip tuntap add tun0 mode tun"] },
  { what: "bridge", name: "bridge0", commands: ["ip link add bridge0 type bridge"] },
  {
    what: "macvlan on a veth",
    name: "macvlan0",
    commands: ["ip link add low0 type veth peer name low1", "ip link add link low0 name macvlan0 type macvlan"],
  },
  {
    what: "VLAN on a veth",
    name: "vlan0",
    commands: ["ip link add tag0 type veth peer name tag1", "ip link add link tag0 name vlan0 type vlan id 7"],
  },
  { what: "bond", name: "bond0", commands: ["ip link add bond0 type bond"] },
  { what: "dummy", name: "dummy0", commands: ["ip link add dummy0 type dummy"] },
  { what: "WireGuard", name: "wg0", commands: ["ip link add wg0 type wireguard"] },
  { what: "VXLAN", name: "vxlan0", commands: ["ip link add vxlan0 type vxlan id 9 dstport 4789 local 127.0.0.1"] },
];

/**
 * Makes an interface of each kind that this kernel has, all switched on.
 *
 * @returns those that could be made
 */
export function interfacesOfKinds(namespace: NetworkNamespace): InterfaceOfKind[] {
  return RECIPES.filter(({ name, commands }) => {
    const made = commands.every((command) => namespace.try("sh", ["-c", command]).code === 0);
    if (made) namespace.run("ip", ["link", "set", "dev", name, "up"]);
    return made;
  });
}
