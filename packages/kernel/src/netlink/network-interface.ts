import { ERRNO, errnoName } from "../errors/errno.ts";
import { KernelError } from "../errors/kernel-error.ts";
import { shellWord } from "../errors/shell-word.ts";
import { ARPHRD_ETHER, ARPHRD_LOOPBACK, NLM_F_DUMP } from "../uapi/macros.ts";
import { ifinfomsg, net_device_flags, rtnetlink_message } from "../uapi/netlink.generated.ts";
import { StructureView } from "../uapi/structure-view.ts";
import { type AttributeValues, decode, encode } from "./attribute-table.ts";
import { LINK, type OPERATIONAL_STATES, VLAN } from "./link-attributes.ts";
import { type NetlinkMessage, type NetlinkRequest, splitMessage } from "./message.ts";
import { namespacesWhere } from "./other-namespaces.ts";
import { routeRequest, tryRouteRequest } from "./route-request.ts";

/** The ways in which XDP runs: in the driver, in the network stack, on the network card. */
export type XdpMode = "drv" | "skb" | "hw";

/** RFC 2863: `unknown` is also the state of what cannot tell, such as `lo`. */
export type OperationalState = keyof typeof OPERATIONAL_STATES;

/** An interface that another one refers to. */
export interface LinkedInterface {
  readonly index: number;
  /** This namespace's number for the network namespace that it is in; undefined when it is in the same one. */
  readonly namespace: number | undefined;
}

/** A network interface of this process's network namespace. */
export interface NetworkInterface {
  readonly index: number;
  readonly name: string;
  /** Further names, of up to 127 bytes (Linux 5.5). */
  readonly alternativeNames: readonly string[];
  /** Its own address, `02:00:00:00:00:01` on Ethernet; undefined for interfaces without one. */
  readonly hardwareAddress: string | undefined;
  /** The address that the hardware came with (Linux 5.6). */
  readonly permanentAddress: string | undefined;
  /** Bytes. */
  readonly mtu: number;
  /** Bytes; undefined where the driver names no limit. */
  readonly smallestMtu: number | undefined;
  readonly largestMtu: number | undefined;
  /** Switched on; whether there is a cable is another matter. */
  readonly up: boolean;
  /** Whether there is a cable, or what stands for one. Told of an interface that is down, too, where the driver knows. */
  readonly carrier: boolean;
  readonly operationalState: OperationalState;
  /** `veth`, `bridge`, `vlan`…; undefined for hardware and for `lo`. */
  readonly kind: string | undefined;
  /** Index of the bridge, bond… that it is a port of. */
  readonly master: number | undefined;
  /** What it stands on: that of a VLAN or macvlan. */
  readonly lower: LinkedInterface | undefined;
  /** The other end of a veth or netkit pair. */
  readonly peer: LinkedInterface | undefined;
  /** A VLAN's number. */
  readonly vlanId: number | undefined;
  /** Queues that it was made with; how many are in use is a matter of channels. */
  readonly receiveQueues: number;
  readonly transmitQueues: number;
  /**
   * The device that it belongs to, `0000:00:03.0` on the bus `pci`; undefined for virtual interfaces (Linux 5.14). Not read from
   * sysfs, which shows the network namespace of who mounted it.
   */
  readonly parent: { readonly name: string; readonly bus: string | undefined } | undefined;
  /** What its frames begin with, as `linux/if_arp.h` numbers it: 1 is Ethernet, 65534 nothing before the IP header. */
  readonly linkType: number;
  /** Whether its frames begin with an Ethernet header. */
  readonly ethernet: boolean;
  /** The XDP programs on it. */
  readonly xdp: readonly { readonly mode: XdpMode; readonly programId: number }[];
}

const LONGEST_NAME = 15; // bytes; alternative names may have 127

/** The kinds whose IFLA_LINK is the other end, and not what they stand on. */
const PAIRS: ReadonlySet<string | undefined> = new Set(["veth", "netkit", "vxcan"]);

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
  return routeRequest(getLink(0, {}, NLM_F_DUMP), "all interfaces").map(decodeInterface);
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
  const found = tryFind(nameOrIndex);
  if (typeof found !== "number") return found;
  const errno = found;
  const elsewhere =
    typeof nameOrIndex === "string" ? namespacesWhere(() => typeof tryFind(nameOrIndex) !== "number") : [];
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
      ...elsewhere.map(
        (name) => `Network namespace ${name} has one: run it there, with ip netns exec ${shellWord(name)}.`,
      ),
    ],
  });
}

/**
 * The interface that another one refers to.
 *
 * @example
 * ```ts
 * findLinked(findInterface("veth0").peer)?.mtu; // 1500
 * ```
 * @returns undefined where there is none, it has gone, or it is in another network namespace, which does not tell
 */
export function findLinked(linked: LinkedInterface | undefined): NetworkInterface | undefined {
  if (linked === undefined || linked.namespace !== undefined) return undefined;
  const found = tryFind(linked.index);
  return typeof found === "number" ? undefined : found;
}

/** An error number where there is none. */
function tryFind(nameOrIndex: string | number): NetworkInterface | number {
  const answer = tryRouteRequest(
    typeof nameOrIndex === "number" ? getLink(nameOrIndex, {}) : getLink(0, byName(nameOrIndex)),
  );
  if (answer.kind === "refused") return answer.errno;
  const [message] = answer.messages;
  return message === undefined ? ERRNO.ENODEV : decodeInterface(message);
}

function byName(name: string): AttributeValues<typeof LINK> {
  const isShort = new TextEncoder().encode(name).length <= LONGEST_NAME;
  return isShort ? { name } : { alternativeName: name };
}

function getLink(index: number, values: AttributeValues<typeof LINK>, flags = 0): NetlinkRequest {
  const { RTM_GETLINK: type } = rtnetlink_message;
  return { name: "RTM_GETLINK", type, flags, head: linkHead(index), attributes: encode(LINK, values) };
}

/** The structure that messages about an interface begin with. */
export function linkHead(index: number): Uint8Array {
  const head = new Uint8Array(ifinfomsg.size);
  new StructureView(ifinfomsg, new DataView(head.buffer)).assign({ ifi_index: index });
  return head;
}

/** What RTM_NEWLINK says. */
export function decodeInterface(message: NetlinkMessage): NetworkInterface {
  const { head, attributes } = splitMessage(message, ifinfomsg, "RTM_NEWLINK");
  const link = decode(LINK, attributes);
  const linkType = head.number("ifi_type");
  const kind = link.info?.kind;
  const linked = linkedInterface(link);
  return {
    index: head.number("ifi_index"),
    name: link.name ?? "",
    alternativeNames: link.properties?.alternativeNames ?? [],
    hardwareAddress: link.address,
    permanentAddress: link.permanentAddress,
    mtu: link.mtu ?? 0,
    smallestMtu: link.smallestMtu || undefined,
    largestMtu: link.largestMtu || undefined,
    up: (head.number("ifi_flags") & net_device_flags.IFF_UP) !== 0,
    carrier: link.carrier === 1,
    operationalState: link.operationalState ?? "unknown",
    kind,
    master: link.master,
    lower: PAIRS.has(kind) ? undefined : linked,
    peer: PAIRS.has(kind) ? linked : undefined,
    vlanId: kind === "vlan" && link.info?.data ? decode(VLAN, link.info.data).id : undefined,
    receiveQueues: link.receiveQueues ?? 1,
    transmitQueues: link.transmitQueues ?? 1,
    parent: link.parentName === undefined ? undefined : { name: link.parentName, bus: link.parentBus },
    linkType,
    ethernet: linkType === ARPHRD_ETHER || linkType === ARPHRD_LOOPBACK,
    xdp: xdpPrograms(link.xdp ?? {}),
  };
}

/** Tunnels tell index 0 where they stand on nothing. */
function linkedInterface({ link, linkNamespace }: AttributeValues<typeof LINK>): LinkedInterface | undefined {
  return link ? { index: link, namespace: linkNamespace } : undefined;
}

function xdpPrograms(xdp: NonNullable<AttributeValues<typeof LINK>["xdp"]>): NetworkInterface["xdp"] {
  const programs = [
    ["drv", xdp.drvProgram],
    ["skb", xdp.skbProgram],
    ["hw", xdp.hwProgram],
  ] as const;
  return programs.flatMap(([mode, programId]) => (programId === undefined ? [] : [{ mode, programId }]));
}
