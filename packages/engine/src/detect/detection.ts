import type { MapType } from "@weir/bytecode";
import type {
  Answer,
  Channels,
  DriverInfo,
  Holder,
  KernelFacts,
  NetworkInterface,
  Rings,
  XdpMetadata,
  XdpSocketFeature,
} from "@weir/kernel";
import type { AttachedMode } from "../mode.ts";

/** What was found out about XDP on this machine. Nothing was changed for it. */
export interface Detection {
  readonly kernel: DetectedKernel;
  readonly interfaces: readonly DetectedInterface[];
}

/** The running kernel. */
export interface DetectedKernel extends KernelFacts {
  /** CPUs that are online. */
  readonly cpus: number;
  /** Whether there is a BPF file system, where `weir attach` pins. */
  readonly bpfFileSystem: boolean;
  /** What weir's programs are made of, each asked of the kernel. */
  readonly needs: readonly Need[];
}

/** A type of map or a helper that weir's programs use. */
export type Need = (
  | { readonly kind: "map"; readonly name: MapType }
  | { readonly kind: "helper"; readonly name: string }
) & {
  /** The commands whose programs use it. */
  readonly for: readonly string[];
  readonly available: Answer;
};

/** What an interface can do with XDP, and how that is known. */
export interface XdpSupport {
  /** `kernel`: it says so (Linux 6.3); `table`: it is too old to say, and weir knows the driver; `unknown`: neither. */
  readonly source: "kernel" | "table" | "unknown";
  /** Where the table has it from, an address mostly; undefined for other sources. */
  readonly citation: string | undefined;
  /** The driver runs programs, and carries out all their verdicts but redirect. */
  readonly native: Answer;
  /** Redirect from it to other interfaces, CPUs and sockets. */
  readonly redirect: Answer;
  /** Frames that are redirected to it go out, at this moment. */
  readonly redirectTarget: Answer;
  /** So do those that lie in several buffers. */
  readonly redirectTargetFrags: Answer;
  /** Programs that take frames in several buffers, which jumbo frames need. */
  readonly frags: Answer;
  /** AF_XDP sockets whose frames are not copied. */
  readonly zeroCopy: Answer;
  /** Buffers that a frame of such a socket may lie in; undefined where the kernel does not tell (before Linux 6.6) or has none. */
  readonly zeroCopySegments: number | undefined;
  /** Programs on the network card. */
  readonly offload: Answer;
  /** What a program that is bound to it can ask of a frame; undefined where the kernel does not tell (before Linux 6.8). */
  readonly metadata: readonly XdpMetadata[] | undefined;
  /** What it does for frames that AF_XDP sockets send (Linux 6.8). */
  readonly socketFeatures: readonly XdpSocketFeature[] | undefined;
}

/** Whether an offload is on, and can be switched. */
export interface Offload {
  /** The kernel's name, as `ethtool -K` takes it. */
  readonly name: string;
  readonly active: boolean;
  readonly changeable: boolean;
}

/** What a driver refused to say, besides what it does not have. */
export interface Unanswered {
  readonly question: "driver" | "xdp" | "channels" | "rings" | "offloads";
  /** What was asked of the kernel, and its answer. */
  readonly reason: string;
}

/** A program on an interface. */
export interface DetectedProgram {
  readonly mode: AttachedMode;
  readonly programId: number;
  /** At most 15 characters; undefined where this process may not look at programs. */
  readonly name: string | undefined;
  /** Hash of its instructions, 16 hexadecimal digits. */
  readonly tag: string | undefined;
  /** By link, which ends with whoever holds it, or by netlink, as `ip link` does; undefined where that cannot be seen. */
  readonly by: "link" | "netlink" | undefined;
  readonly linkId: number | undefined;
  /** Processes and pins. */
  readonly holders: readonly Holder[];
}

/** How to attach for one purpose. */
export interface ModeAdvice {
  /** Undefined where XDP makes no sense. */
  readonly mode: AttachedMode | undefined;
  readonly reason: string;
}

/** Something to change, for better or to get there at all. */
export interface Change {
  readonly why: string;
  /** To paste into a shell, as root; none where it is nothing that a command does. */
  readonly commands: readonly string[];
  /** Whether the recommended mode takes it. */
  readonly needed: boolean;
  /** Whether the driver may reset the card for it: packets are lost for a moment, and a remote session over it may end. */
  readonly interrupts: boolean;
}

export interface Recommendation {
  readonly monitor: ModeAdvice;
  readonly filter: ModeAdvice;
  readonly redirect: ModeAdvice;
  readonly changes: readonly Change[];
}

/** What attaching a program that only passes frames gave. */
export interface Trial {
  readonly mode: AttachedMode;
  /** Whether the program takes frames in several buffers. */
  readonly frags: boolean;
  readonly outcome: "attached" | "refused" | "not tried";
  /** Why not, in the kernel's words. */
  readonly reason: string | undefined;
}

/** A network interface. */
export interface DetectedInterface
  extends Pick<
    NetworkInterface,
    | "index"
    | "name"
    | "hardwareAddress"
    | "mtu"
    | "up"
    | "carrier"
    | "operationalState"
    | "linkType"
    | "ethernet"
    | "master"
    | "lower"
    | "peer"
    | "vlanId"
    | "parent"
  > {
  /** `physical`, `loopback`, or what the kernel calls a virtual one: `veth`, `bridge`, `vlan`, `bond`, `tap`, `tun`… */
  readonly kind: string;
  /** Undefined where it does not tell. */
  readonly driver: DriverInfo | undefined;
  readonly xdp: XdpSupport;
  /** Bytes of the largest MTU that a program without frags may have in the driver; undefined where that is not known. */
  readonly singleBufferMtu: number | undefined;
  /** Where that is known from, on every kernel: none tells it. */
  readonly singleBufferMtuSource: string | undefined;
  /** Bytes of the largest MTU that a program with frags may have, which is the driver's own; undefined where it takes none, or names no limit. */
  readonly fragsMtu: number | undefined;
  readonly receiveQueues: number;
  readonly transmitQueues: number;
  readonly channels: Channels | undefined;
  readonly rings: Rings | undefined;
  /** Those that XDP has to do with; undefined where the kernel does not tell. */
  readonly offloads: readonly Offload[] | undefined;
  /** What is not known because the kernel answered with an error; undefined where all was answered. */
  readonly unanswered: readonly Unanswered[] | undefined;
  readonly attached: readonly DetectedProgram[];
  readonly recommendation: Recommendation;
  /** Where it was asked for. */
  readonly trials?: readonly Trial[];
}
