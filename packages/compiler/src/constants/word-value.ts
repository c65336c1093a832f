import * as layouts from "@weir/bytecode/layout";
import { scalarTypes } from "../types/scalar.ts";
import type { Constant } from "./constant.ts";

/** Numbers that the language names, as the kernel's headers do. */
const numbers: readonly (readonly [type: "u32" | "u64" | "i32", values: Readonly<Record<string, bigint>>])[] = [
  // `enum xdp_action`.
  ["u32", { XDP_ABORTED: 0n, XDP_DROP: 1n, XDP_PASS: 2n, XDP_TX: 3n, XDP_REDIRECT: 4n }],
  // `enum tcx_action_base`.
  ["i32", { TCX_NEXT: -1n, TCX_PASS: 0n, TCX_DROP: 2n, TCX_REDIRECT: 7n }],
  // Flags of `bpf_map_update_elem`, `bpf_redirect_map` and `bpf_ringbuf_submit`.
  ["u64", { BPF_ANY: 0n, BPF_NOEXIST: 1n, BPF_EXIST: 2n }],
  ["u64", { BPF_F_EXCLUDE_INGRESS: 1n << 4n }],
  ["u64", { CLOCK_REALTIME: 0n, CLOCK_MONOTONIC: 1n, CLOCK_BOOTTIME: 7n }],
  ["u64", { BPF_F_TIMER_ABS: 1n << 0n, BPF_F_TIMER_CPU_PIN: 1n << 1n }],
  ["u64", { BPF_RB_NO_WAKEUP: 1n << 0n, BPF_RB_FORCE_WAKEUP: 1n << 1n }],
  [
    "u32",
    {
      BPF_SOCK_OPS_TCP_CONNECT_CB: 3n,
      BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB: 4n,
      BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB: 5n,
      BPF_SOCK_OPS_RTO_CB: 8n,
      BPF_SOCK_OPS_RETRANS_CB: 9n,
      BPF_SOCK_OPS_STATE_CB: 10n,
      BPF_SOCK_OPS_RTT_CB: 12n,
    },
  ],
];

const numberWords = new Map(
  numbers.flatMap(([type, values]) =>
    Object.entries(values).map(([name, value]): [string, Constant] => [
      name,
      { kind: "integer", value, type: scalarTypes[type], inverted: false },
    ]),
  ),
);

const { u8, u16, i8, i16, i32, i64, be16, be32, be64, bool } = layouts;
/** The layouts of integers and booleans, by name. */
export const scalarLayouts: ReadonlyMap<string, layouts.ScalarLayout> = new Map(
  [u8, u16, layouts.u32, layouts.u64, i8, i16, i32, i64, be16, be32, be64, bool].map((layout) => [layout.name, layout]),
);

const kernelOwned: ReadonlyMap<string, layouts.StructLayout> = new Map(
  Object.entries({ spinLock: layouts.spinLock, timer: layouts.timer }),
);

/** What a word of the language stands for by itself. */
export function wordValue(name: string): Constant {
  const layout = kernelOwned.get(name) ?? scalarLayouts.get(name);
  return numberWords.get(name) ?? (layout === undefined ? { kind: "word", name } : { kind: "layout", layout });
}
