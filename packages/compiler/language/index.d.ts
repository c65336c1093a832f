/**
 * The words a kernel program is written with. They exist for the compiler only: nothing here runs under Node.
 *
 * Record types (`struct`, `u8` … `be64`, `array`, `bytes`) come from `@weir/bytecode/layout`, which exists at run time too,
 * so that user space decodes with the definition that the kernel program uses. A 64-bit constant that a plain number cannot
 * hold is written `u64.of(0x9e37_79b9_7f4a_7c15n)`.
 */
import type { be16, be32, be64, i32, Layout, StructLayout, u16, u32, u64, Value } from "@weir/bytecode/layout";

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
   * const ethernet = packet.at(EthernetHeader, 0);
   * if (ethernet === null) return XDP_PASS;
   * ```
   */
  at<L extends StructLayout>(layout: L, offset: u32): Value<L> | null;
}

export interface XdpProgram {
  readonly __program: "xdp";
}

/**
 * An XDP program. The name of the constant it is assigned to is the name of the program.
 *
 * @param options `frags`: packets may come in several buffers, as jumbo frames do (Linux 5.18).
 * @example
 * ```ts
 * export const pass_all = xdp(() => XDP_PASS);
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
 * A value patched into the program before it is loaded; where it is 0 the verifier deletes what depends on it.
 *
 * @example
 * ```ts
 * const limit = config("limit", u32, 1000); // user space: withConfig(object, { limit: 50 })
 * ```
 */
export declare function config<L extends Layout>(name: string, layout: L, initial: Value<L>): Value<L>;

/** `BPF_MAP_TYPE_ARRAY` and `BPF_MAP_TYPE_PERCPU_ARRAY`. */
export interface ArrayMap<V> {
  /** The element at `index`, or null when there is none. Inlined by the kernel. */
  lookup(index: u32): V | null;
}

/** `BPF_MAP_TYPE_HASH`, `_LRU_HASH`, `_PERCPU_HASH`, `_LRU_PERCPU_HASH`. */
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
export declare function arrayMap<V extends StructLayout>(options: ArrayOptions<V>): ArrayMap<Value<V>>;
export declare function perCpuArrayMap<V extends StructLayout>(options: ArrayOptions<V>): ArrayMap<Value<V>>;
export declare function hashMap<K extends Layout, V extends StructLayout>(
  options: HashOptions<K, V>,
): HashMap<Value<K>, Value<V>>;
export declare function lruHashMap<K extends Layout, V extends StructLayout>(
  options: HashOptions<K, V>,
): HashMap<Value<K>, Value<V>>;
export declare function perCpuHashMap<K extends Layout, V extends StructLayout>(
  options: HashOptions<K, V>,
): HashMap<Value<K>, Value<V>>;
export declare function lruPerCpuHashMap<K extends Layout, V extends StructLayout>(
  options: HashOptions<K, V>,
): HashMap<Value<K>, Value<V>>;

/**
 * The same memory read as another record, which must not be larger.
 *
 * @example
 * ```ts
 * const Words = struct({ addresses: u64 });
 * const addresses = view(slot, Words).addresses;
 * ```
 */
export declare function view<L extends StructLayout>(record: object, layout: L): Value<L>;

/**
 * Adds to a 32-bit or 64-bit field of a record in a map at once for all CPUs (`BPF_ATOMIC | BPF_ADD`). The value before is the
 * result; where it is used the addition needs Linux 5.12.
 *
 * @example
 * ```ts
 * atomicAdd(counters, "packets", 1);
 * ```
 */
export declare function atomicAdd<R extends object, K extends keyof R>(record: R, field: K, amount: R[K]): R[K];

/**
 * The value, about which the verifier knows nothing any more; `field` is any field of a packet or map record that it cannot
 * know. Masked again, a value that went through a loop looks the same whichever way it took, so that the verifier follows one
 * way instead of all. Costs two loads.
 */
export declare function opaque<R extends object>(value: u32, record: R, field: keyof R): u32;

export declare function ntohs(value: be16): u16;
export declare function ntohl(value: be32): u32;
export declare function ntohll(value: be64): u64;
export declare function htons(value: u16): be16;
export declare function htonl(value: u32): be32;
export declare function htonll(value: u64): be64;

/** Nanoseconds since boot (`bpf_ktime_get_ns`). Costs more than parsing a packet; see `jiffies`. */
export declare function monotonicTime(): u64;
/** Ticks of the kernel's clock (`bpf_jiffies64`, Linux 5.6). Nearly free. */
export declare function jiffies(): u64;
/** Number of the CPU that runs the program (`bpf_get_smp_processor_id`). */
export declare function cpuNumber(): u32;
/** A random number (`bpf_get_prandom_u32`). */
export declare function randomNumber(): u32;
