import type { PinnedMonitor } from "../pinned-monitor.ts";
import { type OpenedRules, openRules } from "../rules/list-rules.ts";
import { type OpenedMonitor, openMaps } from "./opened-monitor.ts";

/** A pinned monitor with its maps and rules open for reading. */
export interface OpenedWithRules extends OpenedMonitor {
  readonly rules: OpenedRules;
}

/** Opens both of a monitor that is attached; fails, or gives some of them, when it is replaced meanwhile. */
export function openWithRules(monitor: PinnedMonitor): OpenedWithRules {
  using stack = new DisposableStack();
  const opened = stack.use(openMaps(monitor));
  const rules = stack.use(openRules(monitor));
  const resources = stack.move();
  return { ...opened, rules, [Symbol.dispose]: () => resources[Symbol.dispose]() };
}
