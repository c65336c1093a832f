import { type HelperName, helperNumber } from "../helpers/number.ts";
import type { MachineMap } from "./machine-map.ts";
import type { Memory } from "./memory.ts";

/** What a helper sees when a program calls it. */
export interface HelperCall {
  /** r1 is the argument 0. */
  argument(index: number): bigint;
  readonly memory: Memory;
  /** The map whose address a program gave. */
  map(address: bigint): MachineMap;
  readonly packet: Uint8Array;
}

/** A helper's part: gives r0. */
export type Helper = (call: HelperCall) => bigint;

const keyOf = (call: HelperCall, map: MachineMap): Uint8Array => call.memory.read(call.argument(1), map.spec.keySize);

const XDP_ABORTED = 0n;
const XDP_REDIRECT = 4n;
/** Flags of `bpf_redirect_map`: the verdict where there is no target, `BPF_F_BROADCAST`, `BPF_F_EXCLUDE_INGRESS`. */
const OTHERWISE = 3n;
const BROADCAST = 8n;
const EXCLUDE_INGRESS = 16n;
const EFAULT = 14n;
const EINVAL = 22n;
/** What `bpf_xdp_pointer()` in net/core/filter.c takes, as offset and as length. */
const FURTHEST = 0xffff;

/** The helpers that every machine has. The clocks stand still, and the random number is always the same. */
const builtIn: Partial<Record<HelperName, Helper>> = {
  bpf_map_lookup_elem: (call) => {
    const map = call.map(call.argument(0));
    return map.lookup(keyOf(call, map));
  },
  bpf_map_update_elem: (call) => {
    const map = call.map(call.argument(0));
    const value = call.memory.read(call.argument(2), map.spec.valueSize);
    return map.update(keyOf(call, map), value, call.argument(3));
  },
  bpf_map_delete_elem: (call) => {
    const map = call.map(call.argument(0));
    return map.delete(keyOf(call, map));
  },
  bpf_redirect: (call) => (call.argument(1) === 0n ? XDP_REDIRECT : XDP_ABORTED),
  bpf_redirect_map: (call) => {
    const map = call.map(call.argument(0));
    const key = new Uint8Array(4);
    new DataView(key.buffer).setUint32(0, Number(BigInt.asUintN(32, call.argument(1))), true);
    const flags = call.argument(2);
    const known = map.spec.type === "cpu-map" ? OTHERWISE : OTHERWISE | BROADCAST | EXCLUDE_INGRESS;
    if ((flags & ~known) !== 0n) return XDP_ABORTED;
    const isTarget = (flags & BROADCAST) !== 0n || map.get(key) !== undefined;
    return isTarget ? XDP_REDIRECT : flags & OTHERWISE;
  },
  bpf_ktime_get_ns: () => 1_000_000_000n,
  bpf_jiffies64: () => 1000n,
  bpf_get_smp_processor_id: () => 0n,
  bpf_get_prandom_u32: () => 4n,
  bpf_xdp_get_buff_len: (call) => BigInt(call.packet.length),
  bpf_xdp_load_bytes: (call) => {
    const [offset, length] = [call.argument(1), call.argument(3)].map((word) => Number(BigInt.asUintN(32, word)));
    if (offset === undefined || length === undefined || offset > FURTHEST || length > FURTHEST) return -EFAULT;
    if (offset + length > call.packet.length) return -EINVAL;
    call.memory.write(call.argument(2), call.packet.slice(offset, offset + length));
    return 0n;
  },
};

/** The helpers by number; those in `own` go before the built-in ones. */
export function helperTable(own: Partial<Record<HelperName, Helper>>): Map<number, Helper> {
  const table = new Map<number, Helper>();
  for (const [name, helper] of Object.entries({ ...builtIn, ...own })) {
    // The keys of both are names of helpers.
    if (helper !== undefined) table.set(helperNumber(name as HelperName), helper);
  }
  return table;
}
