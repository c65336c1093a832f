import { NLM_F_DUMP } from "../uapi/macros.ts";
import {
  netdev_command,
  netdev_dev,
  netdev_xdp_act,
  netdev_xdp_rx_metadata,
  netdev_xsk_flags,
} from "../uapi/netlink.generated.ts";
import { bits, u32 } from "./attribute-kinds.ts";
import { type AttributeValues, attributeTable, encode } from "./attribute-table.ts";
import { genericRequest } from "./generic-request.ts";

const FEATURES = {
  basic: netdev_xdp_act.NETDEV_XDP_ACT_BASIC,
  redirect: netdev_xdp_act.NETDEV_XDP_ACT_REDIRECT,
  "ndo-xmit": netdev_xdp_act.NETDEV_XDP_ACT_NDO_XMIT,
  "xsk-zerocopy": netdev_xdp_act.NETDEV_XDP_ACT_XSK_ZEROCOPY,
  "hw-offload": netdev_xdp_act.NETDEV_XDP_ACT_HW_OFFLOAD,
  "rx-sg": netdev_xdp_act.NETDEV_XDP_ACT_RX_SG,
  "ndo-xmit-sg": netdev_xdp_act.NETDEV_XDP_ACT_NDO_XMIT_SG,
} as const;

const METADATA = {
  timestamp: netdev_xdp_rx_metadata.NETDEV_XDP_RX_METADATA_TIMESTAMP,
  hash: netdev_xdp_rx_metadata.NETDEV_XDP_RX_METADATA_HASH,
  "vlan-tag": netdev_xdp_rx_metadata.NETDEV_XDP_RX_METADATA_VLAN_TAG,
} as const;

const SOCKET_FEATURES = {
  "tx-timestamp": netdev_xsk_flags.NETDEV_XSK_FLAGS_TX_TIMESTAMP,
  "tx-checksum": netdev_xsk_flags.NETDEV_XSK_FLAGS_TX_CHECKSUM,
  "tx-launch-time-fifo": netdev_xsk_flags.NETDEV_XSK_FLAGS_TX_LAUNCH_TIME_FIFO,
} as const;

/**
 * What a driver can do with XDP (`enum netdev_xdp_act`): run programs and carry out all verdicts but redirect (`basic`), redirect
 * (`redirect`), send frames that were redirected to it (`ndo-xmit`), in several buffers too (`ndo-xmit-sg`), zero-copy sockets,
 * run programs on the card, take frames in several buffers.
 */
export type XdpFeature = keyof typeof FEATURES;

/** What a program that is bound to the device can ask of a frame (`enum netdev_xdp_rx_metadata`). */
export type XdpMetadata = keyof typeof METADATA;

/** What the driver can do for a frame that an AF_XDP socket sends (`enum netdev_xsk_flags`). */
export type XdpSocketFeature = keyof typeof SOCKET_FEATURES;

/** What the kernel says of one interface's XDP. What is undefined this kernel does not tell. */
export interface XdpCapabilities {
  readonly index: number;
  readonly features: ReadonlySet<XdpFeature>;
  /** Buffers that a frame of a zero-copy socket may lie in; 1 is no more than one (Linux 6.6). */
  readonly zeroCopySegments: number | undefined;
  /** Linux 6.8. */
  readonly metadata: ReadonlySet<XdpMetadata> | undefined;
  /** Linux 6.8. */
  readonly socketFeatures: ReadonlySet<XdpSocketFeature> | undefined;
}

const DEVICE = attributeTable(netdev_dev, {
  index: ["NETDEV_A_DEV_IFINDEX", u32],
  features: ["NETDEV_A_DEV_XDP_FEATURES", bits(FEATURES)],
  zeroCopySegments: ["NETDEV_A_DEV_XDP_ZC_MAX_SEGS", u32],
  metadata: ["NETDEV_A_DEV_XDP_RX_METADATA_FEATURES", bits(METADATA)],
  socketFeatures: ["NETDEV_A_DEV_XSK_FEATURES", bits(SOCKET_FEATURES)],
});

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
  return xdpCapabilities(index)?.features;
}

/**
 * All that the kernel says of an interface's XDP at this moment.
 *
 * @example
 * ```ts
 * xdpCapabilities(findInterface("eth1").index)?.metadata; // Set { "timestamp", "hash" }
 * ```
 * @returns undefined when the kernel cannot tell: before Linux 6.3
 * @throws {KernelError} when there is no interface with this index
 * @see https://docs.kernel.org/netlink/specs/netdev.html
 */
export function xdpCapabilities(index: number): XdpCapabilities | undefined {
  return ask(`interface with index ${index}`, { index })?.[0];
}

/**
 * What the kernel says of the XDP of all interfaces of this network namespace.
 *
 * @example
 * ```ts
 * allXdpCapabilities()?.filter(({ features }) => features.has("redirect")).map(({ index }) => index);
 * ```
 * @returns undefined when the kernel cannot tell: before Linux 6.3
 * @throws {KernelError} when the kernel refuses the request
 * @see https://docs.kernel.org/netlink/specs/netdev.html
 */
export function allXdpCapabilities(): XdpCapabilities[] | undefined {
  return ask("all interfaces", {}, NLM_F_DUMP);
}

function ask(subject: string, values: AttributeValues<typeof DEVICE>, flags = 0): XdpCapabilities[] | undefined {
  const answer = genericRequest("netdev", {
    command: { name: "NETDEV_CMD_DEV_GET", number: netdev_command.NETDEV_CMD_DEV_GET },
    flags,
    attributes: encode(DEVICE, values),
    answer: DEVICE,
    subject,
  });
  return answer?.flatMap(({ index, features, zeroCopySegments, metadata, socketFeatures }) =>
    index === undefined || features === undefined
      ? []
      : [{ index, features, zeroCopySegments, metadata, socketFeatures }],
  );
}
