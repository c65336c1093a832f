/** Looks up addresses whose membership does not change, one with each run, and counts where a set says something else. */
import { u32 } from "@weir/bytecode/layout";
import { arrayMap, atomicAdd, config, XDP_PASS, xdp } from "@weir/compiler/language";
import { in_ipv4_set } from "../../../programs/src/kernel/sets/ipv4-set.bpf.ts";
import { in_ipv6_set } from "../../../programs/src/kernel/sets/ipv6-set.bpf.ts";
import { CASES, Case, Runs } from "./records.ts";

const family = config("family", u32, 4);
const cases = config("cases", u32, 1);

export const MEMBERS = arrayMap({ value: Case, maxEntries: CASES });
export const RUNS = arrayMap({ value: Runs, maxEntries: 1 });

export const check = xdp(() => {
  const runs = RUNS.lookup(0);
  if (runs === null) return XDP_PASS;
  runs.count += 1;
  const asked = MEMBERS.lookup((runs.count as u32) % cases);
  if (asked === null) return XDP_PASS;
  const found = family === 4 ? in_ipv4_set(asked.low as u32) : in_ipv6_set(asked.high, asked.low);
  if (found !== asked.isMember) atomicAdd(asked, "wrong", 1);
  return XDP_PASS;
});
