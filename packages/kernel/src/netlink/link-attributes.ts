import { ifla_vlan } from "../uapi/macros.ts";
import { if_oper, ifla, ifla_info, ifla_xdp } from "../uapi/netlink.generated.ts";
import { bytes, choice, hardwareAddress, repeated, s32, text, u8, u16, u32 } from "./attribute-kinds.ts";
import { attributeTable } from "./attribute-table.ts";

/**
 * The attributes of rtnetlink's messages about interfaces.
 *
 * @see https://docs.kernel.org/netlink/specs/rt-link.html
 */

/** States of RFC 2863, as the kernel numbers them. */
export const OPERATIONAL_STATES = {
  unknown: if_oper.IF_OPER_UNKNOWN,
  "not-present": if_oper.IF_OPER_NOTPRESENT,
  down: if_oper.IF_OPER_DOWN,
  "lower-layer-down": if_oper.IF_OPER_LOWERLAYERDOWN,
  testing: if_oper.IF_OPER_TESTING,
  dormant: if_oper.IF_OPER_DORMANT,
  up: if_oper.IF_OPER_UP,
} as const;

export const XDP = attributeTable(ifla_xdp, {
  descriptor: ["IFLA_XDP_FD", s32],
  flags: ["IFLA_XDP_FLAGS", u32],
  drvProgram: ["IFLA_XDP_DRV_PROG_ID", u32],
  skbProgram: ["IFLA_XDP_SKB_PROG_ID", u32],
  hwProgram: ["IFLA_XDP_HW_PROG_ID", u32],
  expectedDescriptor: ["IFLA_XDP_EXPECTED_FD", s32],
});

const LINK_INFO = attributeTable(ifla_info, {
  kind: ["IFLA_INFO_KIND", text],
  /** Attributes that each kind numbers for itself. */
  data: ["IFLA_INFO_DATA", bytes],
});

/** What is in the data of a VLAN's link info. */
export const VLAN = attributeTable(ifla_vlan, { id: ["IFLA_VLAN_ID", u16] });

const PROPERTIES = attributeTable(ifla, { alternativeNames: ["IFLA_ALT_IFNAME", repeated(text)] });

export const LINK = attributeTable(ifla, {
  name: ["IFLA_IFNAME", text],
  /** In a question; in answers they are among the properties. */
  alternativeName: ["IFLA_ALT_IFNAME", text],
  properties: ["IFLA_PROP_LIST", PROPERTIES],
  address: ["IFLA_ADDRESS", hardwareAddress],
  permanentAddress: ["IFLA_PERM_ADDRESS", hardwareAddress],
  mtu: ["IFLA_MTU", u32],
  smallestMtu: ["IFLA_MIN_MTU", u32],
  largestMtu: ["IFLA_MAX_MTU", u32],
  operationalState: ["IFLA_OPERSTATE", choice(OPERATIONAL_STATES)],
  carrier: ["IFLA_CARRIER", u8],
  master: ["IFLA_MASTER", u32],
  link: ["IFLA_LINK", u32],
  linkNamespace: ["IFLA_LINK_NETNSID", s32],
  transmitQueues: ["IFLA_NUM_TX_QUEUES", u32],
  receiveQueues: ["IFLA_NUM_RX_QUEUES", u32],
  parentName: ["IFLA_PARENT_DEV_NAME", text],
  parentBus: ["IFLA_PARENT_DEV_BUS_NAME", text],
  info: ["IFLA_LINKINFO", LINK_INFO],
  xdp: ["IFLA_XDP", XDP],
});
