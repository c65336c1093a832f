import { netdev_command, netdev_dev, netdev_xdp_act } from "../uapi/netlink.generated.ts";
import { attributeNumber, numberAttribute } from "./attributes.ts";
import { genericRequest } from "./generic-request.ts";

/**
 * What a driver can do with XDP (`enum netdev_xdp_act`): run programs and carry out all verdicts but redirect (`basic`), redirect
 * (`redirect`), send frames that were redirected to it (`ndo-xmit`), in several buffers too (`ndo-xmit-sg`), zero-copy sockets,
 * run programs on the card, take frames in several buffers.
 */
export type XdpFeature = "basic" | "redirect" | "ndo-xmit" | "xsk-zerocopy" | "hw-offload" | "rx-sg" | "ndo-xmit-sg";

const BITS: readonly (readonly [XdpFeature, number])[] = [
  ["basic", netdev_xdp_act.NETDEV_XDP_ACT_BASIC],
  ["redirect", netdev_xdp_act.NETDEV_XDP_ACT_REDIRECT],
  ["ndo-xmit", netdev_xdp_act.NETDEV_XDP_ACT_NDO_XMIT],
  ["xsk-zerocopy", netdev_xdp_act.NETDEV_XDP_ACT_XSK_ZEROCOPY],
  ["hw-offload", netdev_xdp_act.NETDEV_XDP_ACT_HW_OFFLOAD],
  ["rx-sg", netdev_xdp_act.NETDEV_XDP_ACT_RX_SG],
  ["ndo-xmit-sg", netdev_xdp_act.NETDEV_XDP_ACT_NDO_XMIT_SG],
];

/**
 * What an interface can do with XDP at this moment: a veth, for example, takes redirected frames only while its other end has
 * a program, or GRO.
 *
 * @example
 * ```ts
 * xdpFeatures(findInterface("eth1").index)?.has("ndo-xmit"); // whether frames can be redirected to it
 * ```
 * @returns undefined when the kernel cannot tell: before Linux 6.3
 * @throws {KernelError} when there is no interface with this index
 * @see https://docs.kernel.org/netlink/specs/netdev.html
 */
export function xdpFeatures(index: number): ReadonlySet<XdpFeature> | undefined {
  const answer = genericRequest(
    "netdev",
    {
      name: "NETDEV_CMD_DEV_GET",
      command: netdev_command.NETDEV_CMD_DEV_GET,
      attributes: [numberAttribute(netdev_dev.NETDEV_A_DEV_IFINDEX, index)],
    },
    `interface with index ${index}`,
  );
  const bits = answer?.[0]?.get(netdev_dev.NETDEV_A_DEV_XDP_FEATURES);
  if (bits === undefined) return undefined;
  const set = attributeNumber(bits);
  return new Set(BITS.filter(([, bit]) => (set & bit) !== 0).map(([feature]) => feature));
}
