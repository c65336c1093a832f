import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";
import type { ForeignOptions, ListOptions, SharingOptions, SortKey, TableOptions } from "../options.ts";

const MODES: readonly Mode[] = ["auto", "drv", "skb", "hw"];
const SORT_KEYS: readonly SortKey[] = ["packets", "bytes", "rate", "recent"];
const NANOSECONDS = 1e9;
/** 2 GiB of memory for each CPU: more is a slip of the keyboard. */
const MOST_CONNECTIONS = 2 ** 24;
const LONGEST_IDLE = 365 * 24 * 3600;

/** How a table is made, with the defaults filled in. */
export interface TableSettings {
  /** Connections for which each CPU's section of a flow table is made. */
  readonly connections: number;
  /** Nanoseconds; 0 is never. */
  readonly idle: bigint;
}

/** @throws {EngineError} `WEIR_OPTION` */
export function tableSettings({ connections = 10_240, idle = 60 }: TableOptions): TableSettings {
  const isCount = Number.isInteger(connections) && connections >= 1 && connections <= MOST_CONNECTIONS;
  if (!isCount) throw wrong("connections", connections, `a whole number from 1 to ${MOST_CONNECTIONS}`);
  if (!(idle >= 0 && idle <= LONGEST_IDLE)) throw wrong("idle", idle, `seconds from 0 (never) to ${LONGEST_IDLE}`);
  return { connections, idle: BigInt(Math.round(idle * NANOSECONDS)) };
}

/** How to attach. @throws {EngineError} `WEIR_OPTION` */
export function modeSetting(mode: Mode = "auto"): Mode {
  if (!MODES.includes(mode)) throw wrong("mode", mode, `one of ${MODES.join(", ")}`);
  return mode;
}

/** Whose place may be taken. @throws {EngineError} `WEIR_OPTION` */
export function foreignSetting({ replaceForeign }: ForeignOptions): number | undefined {
  const isId = replaceForeign === undefined || (Number.isInteger(replaceForeign) && replaceForeign >= 1);
  if (!isId) throw wrong("replaceForeign", replaceForeign, "the id of a program, a whole number from 1");
  return replaceForeign;
}

/** How to attach. @throws {EngineError} `WEIR_OPTION` */
export function bySetting(by: "link" | "netlink" = "link"): "link" | "netlink" {
  if (by !== "link" && by !== "netlink") throw wrong("by", by, "link or netlink");
  return by;
}

/** Whether to attach beside others, with the defaults filled in. */
export interface SharingSettings {
  /** Also where no other program is. */
  readonly asked: boolean;
  readonly priority: number;
}

/** Before xdp-filter's 10, and libxdp's 50 for programs that say nothing: what others drop is to be counted. */
const PRIORITY = 5;
const LAST_PRIORITY = 2 ** 32 - 1;

/** @throws {EngineError} `WEIR_OPTION` */
export function sharingSettings({ shared: asked = false, priority = PRIORITY }: SharingOptions): SharingSettings {
  const isPriority = Number.isInteger(priority) && priority >= 0 && priority <= LAST_PRIORITY;
  if (!isPriority) throw wrong("priority", priority, `a whole number from 0 to ${LAST_PRIORITY}`);
  return { asked, priority };
}

/** Which connections to list, with the defaults filled in. */
export interface ListSettings {
  readonly sort: SortKey;
  /** `Infinity` is all. */
  readonly limit: number;
}

/** @throws {EngineError} `WEIR_OPTION` */
export function listSettings({ sort = "packets", limit = Number.POSITIVE_INFINITY }: ListOptions): ListSettings {
  if (!SORT_KEYS.includes(sort)) throw wrong("sort", sort, `one of ${SORT_KEYS.join(", ")}`);
  const isCount = limit >= 0 && (Number.isInteger(limit) || limit === Number.POSITIVE_INFINITY);
  if (!isCount) throw wrong("limit", limit, "a whole number from 0");
  return { sort, limit };
}

/** Milliseconds. @throws {EngineError} `WEIR_OPTION` */
export function intervalMilliseconds(interval = 1): number {
  // Longer than this, a timer of Node fires at once.
  const longest = Math.floor((2 ** 31 - 1) / 1000);
  if (!(interval >= 0.01 && interval <= longest)) throw wrong("interval", interval, `seconds from 0.01 to ${longest}`);
  return interval * 1000;
}

function wrong(option: string, value: unknown, allowed: string): EngineError {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new EngineError("WEIR_OPTION", `option ${option} is ${shown}; it must be ${allowed}`);
}
