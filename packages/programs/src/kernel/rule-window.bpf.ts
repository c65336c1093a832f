/** When rules hold that have times. */
import type { u32 } from "@weir/bytecode/layout";
import { arrayMap } from "@weir/compiler/language";
import { RuleWindow } from "../records/rules.ts";
import { now } from "./clock.bpf.ts";

/** The windows of the rules of this program, by their places; others than those that have times are not looked at. */
export const RULE_WINDOWS = arrayMap({ value: RuleWindow, maxEntries: 1 });

/** Whether it is within the window of a rule. */
export function holdsNow(rule: u32): boolean {
  const window = RULE_WINDOWS.lookup(rule);
  if (window === null) return false;
  const time = now();
  return time >= window.from && time < window.until;
}
