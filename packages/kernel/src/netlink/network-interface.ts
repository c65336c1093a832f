import { ERRNO, errnoName } from "../errors/errno.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { ARPHRD_ETHER, ARPHRD_LOOPBACK, NLM_F_DUMP } from "../uapi/macros.ts";
import {
  ifinfomsg,
  ifla,
  ifla_info,
  ifla_xdp,
  net_device_flags,
  rtnetlink_message,
} from "../uapi/netlink.generated.ts";
import { StructureView } from "../uapi/structure-view.ts";
import {
  attributeNumber,
  attributeText,
  decodeAttributes,
  type NetlinkAttribute,
  textAttribute,
} from "./attributes.ts";
import type { NetlinkMessage } from "./message.ts";
import { routeRequest, tryRouteRequest } from "./route-request.ts";

/** The ways in which XDP runs: in the driver, in the network stack, on the network card. */
export type XdpMode = "drv" | "skb" | "hw";

/** A network interface of this process's network namespace. */
export interface NetworkInterface {
  readonly index: number;
  readonly name: string;
  /** Its own address, `02:00:00:00:00:01` on Ethernet; undefined for interfaces without one. */
  readonly hardwareAddress: string | undefined;
  /** Bytes. */
  readonly mtu: number;
  /** Switched on; whether there is a cable is another matter. */
  readonly up: boolean;
  /** `veth`, `bridge`, `vlan`…; undefined for hardware and for `lo`. */
  readonly kind: string | undefined;
  /** What its frames begin with, as `linux/if_arp.h` numbers it: 1 is Ethernet, 65534 nothing before the IP header. */
  readonly linkType: number;
  /** Whether its frames begin with an Ethernet header. */
  readonly ethernet: boolean;
  /** The XDP programs on it. */
  readonly xdp: readonly { readonly mode: XdpMode; readonly programId: number }[];
}

const LONGEST_NAME = 15; // bytes; alternative names may have 127

/**
 * All interfaces.
 *
 * @example
 * ```ts
 * interfaces().filter(({ up }) => up).map(({ name }) => name); // ["lo", "eth0"]
 * ```
 * @throws {KernelError} when the kernel refuses the request
 */
export function interfaces(): NetworkInterface[] {
  return routeRequest(getLink(0, [], NLM_F_DUMP), "all interfaces").map(decodeInterface);
}

/**
 * The interface with this name, alternative name, or index.
 *
 * @example
 * ```ts
 * findInterface("eth0").mtu; // 1500
 * ```
 * @throws {KernelError} `WEIR_NO_INTERFACE`, naming those there are
 */
export function findInterface(nameOrIndex: string | number): NetworkInterface {
  const answer = tryRouteRequest(
    typeof nameOrIndex === "number" ? getLink(nameOrIndex, []) : getLink(0, [nameAttribute(nameOrIndex)]),
  );
  if (answer.kind === "answered" && answer.messages[0] !== undefined) return decodeInterface(answer.messages[0]);
  const errno = answer.kind === "refused" ? answer.errno : ERRNO.ENODEV;
  const isKnown =
    typeof nameOrIndex === "string" ? `named ${JSON.stringify(nameOrIndex)}` : `with index ${nameOrIndex}`;
  throw new KernelError({
    code: "WEIR_NO_INTERFACE",
    attempted: "RTM_GETLINK",
    subject: `interface ${JSON.stringify(nameOrIndex)}`,
    errno,
    answer: errnoName(errno),
    advice: [
      `There is no interface ${isKnown}. There are: ${interfaces()
        .map(({ name }) => name)
        .join(", ")}.`,
    ],
  });
}

function nameAttribute(name: string): NetlinkAttribute {
  const isShort = new TextEncoder().encode(name).length <= LONGEST_NAME;
  return textAttribute(isShort ? ifla.IFLA_IFNAME : ifla.IFLA_ALT_IFNAME, name);
}

function getLink(index: number, attributes: readonly NetlinkAttribute[], flags = 0) {
  const head = new Uint8Array(ifinfomsg.size);
  new StructureView(ifinfomsg, new DataView(head.buffer)).assign({ ifi_index: index });
  return { name: "RTM_GETLINK", type: rtnetlink_message.RTM_GETLINK, flags, head, attributes };
}

function decodeInterface({ payload }: NetlinkMessage): NetworkInterface {
  const head = new StructureView(ifinfomsg, new DataView(payload.buffer, payload.byteOffset, payload.byteLength));
  const attributes = decodeAttributes(payload.subarray(ifinfomsg.size));
  const nested = (type: number) => decodeAttributes(attributes.get(type) ?? new Uint8Array());
  const kind = nested(ifla.IFLA_LINKINFO).get(ifla_info.IFLA_INFO_KIND);
  const mtu = attributes.get(ifla.IFLA_MTU);
  const address = attributes.get(ifla.IFLA_ADDRESS);
  const linkType = head.number("ifi_type");
  return {
    index: head.number("ifi_index"),
    name: attributeText(attributes.get(ifla.IFLA_IFNAME) ?? new Uint8Array()),
    hardwareAddress: address?.length ? hexadecimal(address) : undefined,
    mtu: mtu === undefined ? 0 : attributeNumber(mtu),
    up: (head.number("ifi_flags") & net_device_flags.IFF_UP) !== 0,
    kind: kind && attributeText(kind),
    linkType,
    ethernet: linkType === ARPHRD_ETHER || linkType === ARPHRD_LOOPBACK,
    xdp: decodeXdp(nested(ifla.IFLA_XDP)),
  };
}

function hexadecimal(address: Uint8Array): string {
  return Array.from(address, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}

const PROGRAM_ID_ATTRIBUTES: readonly (readonly [XdpMode, number])[] = [
  ["drv", ifla_xdp.IFLA_XDP_DRV_PROG_ID],
  ["skb", ifla_xdp.IFLA_XDP_SKB_PROG_ID],
  ["hw", ifla_xdp.IFLA_XDP_HW_PROG_ID],
];

function decodeXdp(attributes: ReadonlyMap<number, Uint8Array>): NetworkInterface["xdp"] {
  return PROGRAM_ID_ATTRIBUTES.flatMap(([mode, type]) => {
    const id = attributes.get(type);
    return id === undefined ? [] : [{ mode, programId: attributeNumber(id) }];
  });
}
