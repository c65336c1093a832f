/**
 * The words a kernel program is written with. They exist for the compiler only: nothing here runs under Node.
 *
 * Record types (`struct`, `u8` … `be64`, `array`, `bytes`) come from `@weir/bytecode/layout`, which exists at run time too,
 * so that user space decodes with the definition that the kernel program uses. A 64-bit constant that a plain number cannot
 * hold is written `u64.of(0x9e37_79b9_7f4a_7c15n)`.
 */
import type {
  be16,
  be32,
  be64,
  Elements,
  i32,
  Layout,
  StructLayout,
  u8,
  u16,
  u32,
  u64,
  Value,
} from "@weir/bytecode/layout";

/** What becomes of a packet (`enum xdp_action`). Since Linux 4.8, `XDP_REDIRECT` since 4.14. */
export type XdpAction = u32 & { readonly __action?: never };
export declare const XDP_ABORTED: XdpAction;
export declare const XDP_DROP: XdpAction;
export declare const XDP_PASS: XdpAction;
export declare const XDP_TX: XdpAction;
export declare const XDP_REDIRECT: XdpAction;

/** The packet a program runs for (`struct xdp_md`). */
export interface XdpPacket {
  /** Bytes that the program can reach directly: the whole frame, or its first buffer when it has several. */
  readonly length: u32;
  /** Bytes of the whole frame, all buffers included (`bpf_xdp_get_buff_len`, Linux 5.18). A call: read it once. */
  readonly totalLength: u32;
  /** Index of the interface the packet came in on. */
  readonly ingressInterface: u32;
  /** Receive queue of the packet. */
  readonly receiveQueue: u32;
  /**
   * The record at `offset` bytes into the packet, or null when it is not completely inside. A write through it changes the
   * packet. The offset must be bounded, to 65535 less the record's size.
   *
   * @example
   * ```ts
   * import { be16, bytes, struct } from "@weir/bytecode/layout";
   * import { ntohs, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
   *
   * const EthernetHeader = struct({ destination: bytes(6), source: bytes(6), etherType: be16 });
   *
   * export const drop_arp = xdp((packet) => {
   *   const ethernet = packet.at(EthernetHeader, 0);
   *   if (ethernet === null) return XDP_PASS;
   *   return ntohs(ethernet.etherType) === 0x0806 ? XDP_DROP : XDP_PASS;
   * });
   * ```
   */
  at<L extends StructLayout>(layout: L, offset: u32): Value<L> | null;
  /**
   * Copies `length` bytes of the packet, from `offset` on and from all its buffers, into `target`, from its byte `at` on; 0, or
   * a negative error number: -22 (`EINVAL`) where the packet ends before, -14 (`EFAULT`) beyond 65535
   * (`bpf_xdp_load_bytes`, Linux 5.18). The verifier must see that `length` is at least 1, and that it fits behind `at`.
   *
   * @example
   * ```ts
   * import { bytes, struct, u32 } from "@weir/bytecode/layout";
   * import { arrayMap, XDP_PASS, xdp } from "@weir/compiler/language";
   *
   * export const LATEST = arrayMap({ value: struct({ length: u32, bytes: bytes(64) }), maxEntries: 1 });
   *
   * export const keep_latest = xdp((packet) => {
   *   const latest = LATEST.lookup(0);
   *   if (latest === null || packet.length < 64) return XDP_PASS;
   *   if (packet.copyTo(latest.bytes, 0, 0, 64) === 0) latest.length = packet.length;
   *   return XDP_PASS;
   * });
   * ```
   */
  copyTo(target: Elements<u8>, at: u32, offset: u32, length: u32): i32;
  /**
   * Moves the start of the packet by so many bytes: negative for room in front, positive to cut off; 0, or a negative error
   * number (`bpf_xdp_adjust_head`, Linux 4.10). What is in the new room is not defined. Every record that was found before is
   * dead, whatever the result: using one is a mistake (WEIR1504). A call.
   *
   * @example
   * ```ts
   * import { bytes, struct } from "@weir/bytecode/layout";
   * import { XDP_DROP, XDP_TX, xdp } from "@weir/compiler/language";
   *
   * const Outer = struct({ header: bytes(14) });
   *
   * export const strip_14_bytes = xdp((packet) => {
   *   if (packet.adjustHead(14) !== 0) return XDP_DROP;
   *   return packet.at(Outer, 0) === null ? XDP_DROP : XDP_TX;
   * });
   * ```
   */
  adjustHead(by: i32): i32;
  /**
   * Moves the end of the packet by so many bytes: negative to cut off, positive for room behind, which holds zeros; 0, or a
   * negative error number (`bpf_xdp_adjust_tail`, Linux 4.18; room behind since 5.8). Records that were found before are dead, as
   * with `adjustHead`. A call.
   *
   * @example
   * ```ts
   * import type { i32 } from "@weir/bytecode/layout";
   * import { XDP_PASS, xdp } from "@weir/compiler/language";
   *
   * export const cut_to_64_bytes = xdp((packet) => {
   *   if (packet.length > 64) packet.adjustTail((64 - packet.length) as i32);
   *   return XDP_PASS;
   * });
   * ```
   */
  adjustTail(by: i32): i32;
  /**
   * Asks the kernel where a packet is to go (`bpf_fib_lookup`, Linux 4.18). The record is a `struct bpf_fib_lookup`, 64 bytes, in
   * a map or made by the program; the answer is written over the question. 0: there is a next hop; positive:
   * `BPF_FIB_LKUP_RET_…`, why not; negative: an error number. Costs some 50 ns: for what is asked seldom.
   *
   * @example
   * ```ts
   * import { be32, bytes, struct, u32, u8 } from "@weir/bytecode/layout";
   * import { arrayMap, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
   *
   * const Question = struct({ family: u8, rest: bytes(7), device: u32, more: bytes(20), to: be32, answer: bytes(28) });
   * export const QUESTION = arrayMap({ value: Question, maxEntries: 1 });
   *
   * export const drop_unroutable = xdp((packet) => {
   *   const question = QUESTION.lookup(0);
   *   if (question === null) return XDP_PASS;
   *   return packet.fibLookup(question, 0) === 0 ? XDP_PASS : XDP_DROP;
   * });
   * ```
   */
  fibLookup(request: object, flags: u32): i32;
}

export interface XdpProgram {
  readonly __program: "xdp";
}

/**
 * An XDP program (`BPF_PROG_TYPE_XDP`, Linux 4.8). The name of the constant it is assigned to is the name of the program.
 *
 * @param options `frags`: packets may come in several buffers, as jumbo frames do (Linux 5.18).
 * @example
 * ```ts
 * import { XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const pass_all = xdp(() => XDP_PASS, { frags: true });
 * ```
 */
export declare function xdp(body: (packet: XdpPacket) => XdpAction, options?: { readonly frags?: boolean }): XdpProgram;

/**
 * A function that is called as such (`bpf_call`, Linux 4.16) instead of becoming part of each caller. Worth its 8 ns where
 * the verifier would otherwise follow a costly loop anew for each way that leads to it. At most 5 parameters.
 *
 * @example
 * ```ts
 * import { be16, struct, type u16, type u32 } from "@weir/bytecode/layout";
 * import { ntohs, subprogram, XDP_DROP, XDP_PASS, type XdpPacket, xdp } from "@weir/compiler/language";
 *
 * const Tag = struct({ control: be16, etherType: be16 });
 *
 * const typeBehindTags = subprogram((packet: XdpPacket, type: u16): u16 => {
 *   let offset: u32 = 14;
 *   while (type === 0x8100 && offset < 46) {
 *     const tag = packet.at(Tag, offset);
 *     if (tag === null) return 0;
 *     type = ntohs(tag.etherType);
 *     offset += 4;
 *   }
 *   return type;
 * });
 *
 * export const drop_tagged_arp = xdp((packet) => (typeBehindTags(packet, 0x8100) === 0x0806 ? XDP_DROP : XDP_PASS));
 * ```
 */
export declare function subprogram<F>(body: F): F;

/**
 * A value patched into the program before it is loaded, with `withConfig(object, { limit: 50 })` in user space; where it is 0
 * the verifier deletes what depends on it.
 *
 * @example
 * ```ts
 * import { u32 } from "@weir/bytecode/layout";
 * import { config, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const limit = config("limit", u32, 1000);
 *
 * export const drop_long = xdp((packet) => (packet.length > limit ? XDP_DROP : XDP_PASS));
 * ```
 */
export declare function config<L extends Layout>(name: string, layout: L, initial: Value<L>): Value<L>;

/** `BPF_MAP_TYPE_ARRAY` (Linux 3.19) and `BPF_MAP_TYPE_PERCPU_ARRAY` (4.6). */
export interface ArrayMap<V> {
  /** The element at `index`, or null when there is none. Inlined by the kernel. */
  lookup(index: u32): V | null;
}

/** `BPF_MAP_TYPE_HASH` (Linux 3.19), `_LRU_HASH` (4.10), `_PERCPU_HASH` (4.6), `_LRU_PERCPU_HASH` (4.10). */
export interface HashMap<K, V> {
  /** The value at `key`, or null. A write through it changes the map. */
  lookup(key: K): V | null;
  /** Sets the value; 0, or a negative error number. */
  update(key: K, value: V, mode?: UpdateMode): i32;
  /** Removes the entry; 0, or a negative error number. */
  delete(key: K): i32;
}

export type UpdateMode = u64 & { readonly __updateMode?: never };
export declare const BPF_ANY: UpdateMode;
export declare const BPF_NOEXIST: UpdateMode;
export declare const BPF_EXIST: UpdateMode;

/** `BPF_MAP_TYPE_CPUMAP` (Linux 4.15). */
export interface CpuMap {
  /**
   * Hands the packet to the CPU at `cpu`, which passes it to its network stack; the verdict is `XDP_REDIRECT`, or `otherwise`
   * where user space has put no CPU there. What then finds the CPU's queue full is dropped by the kernel, and tracepoint
   * `xdp_cpumap_enqueue` tells.
   *
   * @param otherwise `XDP_ABORTED` (unless given), `XDP_DROP`, `XDP_PASS` or `XDP_TX`
   */
  redirect(cpu: u32, otherwise?: XdpAction): XdpAction;
}

/** `BPF_MAP_TYPE_DEVMAP` (Linux 4.14) and `BPF_MAP_TYPE_DEVMAP_HASH` (5.4). */
export interface DeviceMap {
  /**
   * Sends the packet out on the interface at `key`; the verdict is `XDP_REDIRECT`, or `otherwise` where user space has put no
   * interface there. What the interface cannot take is dropped by the kernel, and the tracepoints `xdp_redirect_err` and
   * `xdp_devmap_xmit` tell.
   *
   * @param otherwise `XDP_ABORTED` (unless given), `XDP_DROP`, `XDP_PASS` or `XDP_TX`
   */
  redirect(key: u32, otherwise?: XdpAction): XdpAction;
  /**
   * Sends a copy of the packet out on each interface of the map that can take it (`BPF_F_BROADCAST`, Linux 5.14). The verdict is
   * `XDP_REDIRECT`, also when there is none.
   */
  broadcast(flags?: BroadcastFlags): XdpAction;
}

export type BroadcastFlags = u64 & { readonly __broadcastFlags?: never };
/** Leaves out the interface that the packet came in on. */
export declare const BPF_F_EXCLUDE_INGRESS: BroadcastFlags;

interface TargetOptions {
  readonly maxEntries: number;
}
interface ArrayOptions<V extends StructLayout> {
  readonly value: V;
  readonly maxEntries: number;
  /** User space may map the elements into its memory (`BPF_F_MMAPABLE`, Linux 5.5; not for per-CPU arrays). */
  readonly mmapable?: boolean;
}
interface HashOptions<K extends Layout, V extends StructLayout> {
  readonly key: K;
  readonly value: V;
  readonly maxEntries: number;
}
/**
 * Elements by number, shared by all CPUs: count in them with `atomicAdd` (`BPF_MAP_TYPE_ARRAY`, Linux 3.19). The name of the
 * constant it is assigned to is the name of the map, in at most 15 characters.
 *
 * @example
 * ```ts
 * import { struct, u64 } from "@weir/bytecode/layout";
 * import { arrayMap, atomicAdd, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const QUEUES = arrayMap({ value: struct({ packets: u64 }), maxEntries: 64 });
 *
 * export const count_by_queue = xdp((packet) => {
 *   const queue = QUEUES.lookup(packet.receiveQueue);
 *   if (queue !== null) atomicAdd(queue, "packets", 1);
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function arrayMap<V extends StructLayout>(options: ArrayOptions<V>): ArrayMap<Value<V>>;

/**
 * Elements by number, each with a value for every CPU, so that `+=` loses nothing (`BPF_MAP_TYPE_PERCPU_ARRAY`, Linux 4.6).
 *
 * @example
 * ```ts
 * import { struct, u64 } from "@weir/bytecode/layout";
 * import { perCpuArrayMap, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const TOTAL = perCpuArrayMap({ value: struct({ packets: u64 }), maxEntries: 1 });
 *
 * export const count = xdp(() => {
 *   const total = TOTAL.lookup(0);
 *   if (total !== null) total.packets += 1;
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function perCpuArrayMap<V extends StructLayout>(options: ArrayOptions<V>): ArrayMap<Value<V>>;

/**
 * Values by key, shared by all CPUs; `update` of a new key fails with -7 (`E2BIG`) when the map is full
 * (`BPF_MAP_TYPE_HASH`, Linux 3.19).
 *
 * @example
 * ```ts
 * import { be32, bytes, struct, u64 } from "@weir/bytecode/layout";
 * import { atomicAdd, hashMap, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ipv4Frame = struct({ beforeSource: bytes(26), source: be32 });
 * export const BLOCKED = hashMap({ key: be32, value: struct({ packets: u64 }), maxEntries: 1024 });
 *
 * export const drop_blocked = xdp((packet) => {
 *   const frame = packet.at(Ipv4Frame, 0);
 *   if (frame === null) return XDP_PASS;
 *   const blocked = BLOCKED.lookup(frame.source);
 *   if (blocked === null) return XDP_PASS;
 *   atomicAdd(blocked, "packets", 1);
 *   return XDP_DROP;
 * });
 * ```
 */
export declare function hashMap<K extends Layout, V extends StructLayout>(
  options: HashOptions<K, V>,
): HashMap<Value<K>, Value<V>>;

/**
 * As `hashMap`, and when it is full the kernel removes what was used least recently (`BPF_MAP_TYPE_LRU_HASH`, Linux 4.10).
 *
 * @example
 * ```ts
 * import { be32, bytes, struct, u64 } from "@weir/bytecode/layout";
 * import { jiffies, lruHashMap, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ipv4Frame = struct({ beforeSource: bytes(26), source: be32 });
 * const Seen = struct({ at: u64 });
 * export const SEEN = lruHashMap({ key: be32, value: Seen, maxEntries: 1024 });
 *
 * export const remember = xdp((packet) => {
 *   const frame = packet.at(Ipv4Frame, 0);
 *   if (frame !== null) SEEN.update(frame.source, { at: jiffies() });
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function lruHashMap<K extends Layout, V extends StructLayout>(
  options: HashOptions<K, V>,
): HashMap<Value<K>, Value<V>>;

/**
 * As `hashMap`, with a value for every CPU, so that `+=` loses nothing (`BPF_MAP_TYPE_PERCPU_HASH`, Linux 4.6).
 *
 * @example
 * ```ts
 * import { struct, u32, u64 } from "@weir/bytecode/layout";
 * import { BPF_NOEXIST, perCpuHashMap, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const LENGTHS = perCpuHashMap({ key: u32, value: struct({ packets: u64 }), maxEntries: 2048 });
 *
 * export const count_lengths = xdp((packet) => {
 *   const known = LENGTHS.lookup(packet.length);
 *   if (known === null) LENGTHS.update(packet.length, { packets: 1 }, BPF_NOEXIST);
 *   else known.packets += 1;
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function perCpuHashMap<K extends Layout, V extends StructLayout>(
  options: HashOptions<K, V>,
): HashMap<Value<K>, Value<V>>;

/**
 * As `perCpuHashMap`, and when it is full the kernel removes what was used least recently (`BPF_MAP_TYPE_LRU_PERCPU_HASH`,
 * Linux 4.10).
 *
 * @example
 * ```ts
 * import { struct, u32, u64 } from "@weir/bytecode/layout";
 * import { lruPerCpuHashMap, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const LENGTHS = lruPerCpuHashMap({ key: u32, value: struct({ packets: u64 }), maxEntries: 64 });
 *
 * export const count_recent_lengths = xdp((packet) => {
 *   const known = LENGTHS.lookup(packet.length);
 *   if (known === null) LENGTHS.update(packet.length, { packets: 1 });
 *   else known.packets += 1;
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function lruPerCpuHashMap<K extends Layout, V extends StructLayout>(
  options: HashOptions<K, V>,
): HashMap<Value<K>, Value<V>>;

/**
 * CPUs by number, to hand packets to (`BPF_MAP_TYPE_CPUMAP`, Linux 4.15). User space fills it: `CpuMap` of `@weir/kernel`.
 *
 * @example
 * ```ts
 * import { cpuMap, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const CPUS = cpuMap({ maxEntries: 4 });
 *
 * export const spread_queues = xdp((packet) => CPUS.redirect(packet.receiveQueue & 3, XDP_PASS));
 * ```
 */
export declare function cpuMap(options: TargetOptions): CpuMap;

/**
 * Interfaces by number, to send packets out on (`BPF_MAP_TYPE_DEVMAP`, Linux 4.14). User space fills it: `DeviceMap` of
 * `@weir/kernel`. An interface that is removed leaves it.
 *
 * @example
 * ```ts
 * import { BPF_F_EXCLUDE_INGRESS, deviceMap, xdp } from "@weir/compiler/language";
 *
 * export const PORTS = deviceMap({ maxEntries: 8 });
 *
 * export const repeat_to_all = xdp(() => PORTS.broadcast(BPF_F_EXCLUDE_INGRESS));
 * ```
 */
export declare function deviceMap(options: TargetOptions): DeviceMap;

/**
 * As `deviceMap`, by any 32-bit key, such as the index of the interface (`BPF_MAP_TYPE_DEVMAP_HASH`, Linux 5.4). User space
 * fills it: `DeviceHashMap` of `@weir/kernel`.
 *
 * @example
 * ```ts
 * import { be16, bytes, struct } from "@weir/bytecode/layout";
 * import { deviceHashMap, ntohs, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Tagged = struct({ addresses: bytes(12), tag: be16, control: be16 });
 * export const VLANS = deviceHashMap({ maxEntries: 4096 });
 *
 * export const port_of_vlan = xdp((packet) => {
 *   const tagged = packet.at(Tagged, 0);
 *   if (tagged === null || ntohs(tagged.tag) !== 0x8100) return XDP_PASS;
 *   return VLANS.redirect(ntohs(tagged.control) & 0xfff, XDP_PASS);
 * });
 * ```
 */
export declare function deviceHashMap(options: TargetOptions): DeviceMap;

/**
 * Sends the packet out on an interface, by its index (`bpf_redirect`, Linux 4.14). The verdict is `XDP_REDIRECT`; whether
 * the interface takes the packet is only known afterwards, see `DeviceMap.redirect`, which is also faster.
 *
 * @example
 * ```ts
 * import { u32 } from "@weir/bytecode/layout";
 * import { config, redirect, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const target = config("target", u32, 0);
 *
 * export const wire = xdp(() => (target === 0 ? XDP_PASS : redirect(target)));
 * ```
 */
export declare function redirect(interfaceIndex: u32): XdpAction;

/**
 * The same memory read as another record, which must not be larger. In an array the record may begin at any byte, `at`, that
 * the verifier can see to leave room for it.
 *
 * @example
 * ```ts
 * import { be32, bytes, struct, u64 } from "@weir/bytecode/layout";
 * import { view, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Addresses = struct({ source: be32, destination: be32 });
 * const Both = struct({ addresses: u64 });
 * const Ipv4Frame = struct({ beforeAddresses: bytes(26), addresses: Addresses });
 *
 * export const drop_without_addresses = xdp((packet) => {
 *   const frame = packet.at(Ipv4Frame, 0);
 *   if (frame === null) return XDP_PASS;
 *   return view(frame.addresses, Both).addresses === 0 ? XDP_DROP : XDP_PASS;
 * });
 * ```
 */
export declare function view<L extends StructLayout>(record: object, layout: L, at?: u32): Value<L>;

/**
 * Adds to a 32-bit or 64-bit field of a record in a map at once for all CPUs (`BPF_ATOMIC | BPF_ADD`). The value before is the
 * result; where it is used the addition needs Linux 5.12.
 *
 * @example
 * ```ts
 * import { struct, u64 } from "@weir/bytecode/layout";
 * import { arrayMap, atomicAdd, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const TOTAL = arrayMap({ value: struct({ packets: u64 }), maxEntries: 1 });
 *
 * export const drop_every_tenth = xdp(() => {
 *   const total = TOTAL.lookup(0);
 *   if (total === null) return XDP_PASS;
 *   return atomicAdd(total, "packets", 1) % 10 === 9 ? XDP_DROP : XDP_PASS;
 * });
 * ```
 */
export declare function atomicAdd<R extends object, K extends keyof R>(record: R, field: K, amount: R[K]): R[K];

/**
 * The value, about which the verifier knows nothing any more; `field` is any field of a packet or map record that it cannot
 * know. Masked again, a value that went through a loop looks the same whichever way it took, so that the verifier follows one
 * way instead of all. Costs two loads.
 *
 * @example
 * ```ts
 * import { bytes, struct, type u32, u8 } from "@weir/bytecode/layout";
 * import { opaque, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ethernet = struct({ addresses: bytes(14) });
 * const Header = struct({ next: u8, length: u8 });
 *
 * export const drop_long_chains = xdp((packet) => {
 *   const ethernet = packet.at(Ethernet, 0);
 *   if (ethernet === null) return XDP_PASS;
 *   let offset: u32 = 54;
 *   for (let count: u32 = 0; count < 16; count += 1) {
 *     const header = packet.at(Header, offset);
 *     if (header === null || header.next === 59) return XDP_PASS;
 *     offset = opaque(offset + 8 + header.length * 8, header, "next") & 0xfff;
 *   }
 *   return XDP_DROP;
 * });
 * ```
 */
export declare function opaque<R extends object>(value: u32, record: R, field: keyof R): u32;

/**
 * A 16-bit number of a packet, as the machine has it. Compared with a constant it costs nothing.
 *
 * @example
 * ```ts
 * import { be16, bytes, struct } from "@weir/bytecode/layout";
 * import { ntohs, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Ethernet = struct({ addresses: bytes(12), etherType: be16 });
 *
 * export const drop_arp = xdp((packet) => {
 *   const ethernet = packet.at(Ethernet, 0);
 *   return ethernet !== null && ntohs(ethernet.etherType) === 0x0806 ? XDP_DROP : XDP_PASS;
 * });
 * ```
 */
export declare function ntohs(value: be16): u16;
/** A 32-bit number of a packet, as the machine has it; used as `ntohs` is. */
export declare function ntohl(value: be32): u32;
/** A 64-bit number of a packet, as the machine has it; used as `ntohs` is. */
export declare function ntohll(value: be64): u64;

/**
 * A 16-bit number as packets have it.
 *
 * @example
 * ```ts
 * import { be16, bytes, struct } from "@weir/bytecode/layout";
 * import { htons, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * const Tagged = struct({ addresses: bytes(12), tag: be16, control: be16 });
 *
 * export const move_to_vlan_7 = xdp((packet) => {
 *   const tagged = packet.at(Tagged, 0);
 *   if (tagged !== null && tagged.tag === htons(0x8100)) tagged.control = htons(7);
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function htons(value: u16): be16;
/** A 32-bit number as packets have it; used as `htons` is. */
export declare function htonl(value: u32): be32;
/** A 64-bit number as packets have it; used as `htons` is. */
export declare function htonll(value: u64): be64;

/**
 * Nanoseconds of CLOCK_MONOTONIC (`bpf_ktime_get_ns`, Linux 4.1). Costs ten times what parsing a packet costs; see `jiffies`.
 *
 * @example
 * ```ts
 * import { struct, u64 } from "@weir/bytecode/layout";
 * import { monotonicTime, perCpuArrayMap, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const LATEST = perCpuArrayMap({ value: struct({ time: u64 }), maxEntries: 1 });
 *
 * export const note_time = xdp(() => {
 *   const latest = LATEST.lookup(0);
 *   if (latest !== null) latest.time = monotonicTime();
 *   return XDP_PASS;
 * });
 * ```
 */
export declare function monotonicTime(): u64;

/**
 * Ticks of the kernel's clock, 100 to 1000 a second (`bpf_jiffies64`, Linux 5.6). Nearly free; used as `monotonicTime` is.
 */
export declare function jiffies(): u64;

/**
 * Number of the CPU that runs the program, from 0 (`bpf_get_smp_processor_id`, Linux 4.1). Nearly free.
 *
 * @example
 * ```ts
 * import { cpuNumber, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const drop_on_cpu_0 = xdp(() => (cpuNumber() === 0 ? XDP_DROP : XDP_PASS));
 * ```
 */
export declare function cpuNumber(): u32;

/**
 * A random number of 32 bits (`bpf_get_prandom_u32`, Linux 4.1).
 *
 * @example
 * ```ts
 * import { randomNumber, XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
 *
 * export const lose_one_percent = xdp(() => (randomNumber() % 100 === 0 ? XDP_DROP : XDP_PASS));
 * ```
 */
export declare function randomNumber(): u32;
