import * as layouts from "@weir/bytecode/layout";
import { u32, u64 } from "../types/scalar.ts";
import type { Constant } from "./constant.ts";

/** Numbers that the language names: `enum xdp_action`, and the flags of `bpf_map_update_elem` and `bpf_redirect_map`. */
const numbers = new Map<string, Constant>([
  ...["XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT"].map(
    (name, value) => [name, { kind: "integer", value: BigInt(value), type: u32, inverted: false }] as const,
  ),
  ...["BPF_ANY", "BPF_NOEXIST", "BPF_EXIST"].map(
    (name, value) => [name, { kind: "integer", value: BigInt(value), type: u64, inverted: false }] as const,
  ),
  ["BPF_RB_NO_WAKEUP", { kind: "integer", value: 1n << 0n, type: u64, inverted: false }],
  ["BPF_RB_FORCE_WAKEUP", { kind: "integer", value: 1n << 1n, type: u64, inverted: false }],
  ["BPF_F_EXCLUDE_INGRESS", { kind: "integer", value: 1n << 4n, type: u64, inverted: false }],
]);

const { u8, u16, i8, i16, i32, i64, be16, be32, be64, bool } = layouts;
/** The layouts of integers and booleans, by name. */
export const scalarLayouts: ReadonlyMap<string, layouts.ScalarLayout> = new Map(
  [u8, u16, layouts.u32, layouts.u64, i8, i16, i32, i64, be16, be32, be64, bool].map((layout) => [layout.name, layout]),
);

/** What a word of the language stands for by itself. */
export function wordValue(name: string): Constant {
  const layout = scalarLayouts.get(name);
  return numbers.get(name) ?? (layout === undefined ? { kind: "word", name } : { kind: "layout", layout });
}
