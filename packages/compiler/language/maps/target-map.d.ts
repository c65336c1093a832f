import type { u32, u64 } from "@weir/bytecode/layout";
import type { XdpAction } from "../verdict.js";

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

/** `BPF_MAP_TYPE_XSKMAP` (Linux 4.18). */
export interface XskMap {
  /**
   * Hands the packet to the AF_XDP socket at `key`; the verdict is `XDP_REDIRECT`, or `otherwise` where user space has put none there
   * (Linux 5.3). The socket must be of the queue that the packet came from.
   *
   * @param otherwise `XDP_ABORTED` (unless given), `XDP_DROP`, `XDP_PASS` or `XDP_TX`
   */
  redirect(key: u32, otherwise?: XdpAction): XdpAction;
}

/**
 * AF_XDP sockets by number (`BPF_MAP_TYPE_XSKMAP`, Linux 4.18).
 *
 * @example
 * ```ts
 * import { XDP_PASS, xdp, xskMap } from "@weir/compiler/language";
 *
 * export const SOCKETS = xskMap({ maxEntries: 64 });
 *
 * export const to_user_space = xdp((packet) => SOCKETS.redirect(packet.receiveQueue, XDP_PASS));
 * ```
 */
export declare function xskMap(options: TargetOptions): XskMap;

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
