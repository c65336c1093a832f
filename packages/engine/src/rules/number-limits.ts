import { ENTRIES_PER_BUCKET, KEY_WORDS, LIMIT_NUMBERS } from "@weir/programs";
import { randomBytes } from "../random-bytes.ts";
import { actionText, type RuleEntry } from "./rule-document.ts";

/** Sources or flows that there is room for, for each limit that tells them apart: 4 MiB. 100,000 of them at once all find some. */
const ENTRIES = 262_144;
/** Limits that the table grows with: to 64 MiB. More of them share it. */
const MOST_SHARES = 16;

/** Limits that are in force, and what was chosen for them. */
export interface AppliedLimits {
  /** By the name of the rule. */
  readonly numbers: Readonly<Record<string, NumberedLimit>>;
  /** Elements of map `RULE_LIMITS`. */
  readonly buckets: number;
  /** Odd factors of the hash, as digits. */
  readonly hashKeys: readonly string[];
}

/** A limit, and the number that it has as long as it stays as it is. */
export interface NumberedLimit {
  readonly limit: string;
  readonly number: number;
}

/** Limits with their numbers. */
interface NumberedLimits {
  readonly limits: AppliedLimits | undefined;
  /** Places of limits that begin. */
  readonly cleared: readonly number[];
  /** Whether they go on with the table that is there, or with what is in it in a larger one. */
  readonly table: "same" | "larger" | "new";
}

/** Where the time of a limit is that all frames of its rule have together. */
export function placeOfLimit({ number }: NumberedLimit, capacity: number): number {
  return number % capacity;
}

/**
 * Gives each limit a number: that which it had, if a rule of its name had the same limit before. Sources and flows go on then from what they
 * have to their credit.
 *
 * @param capacity places that there are
 */
export function numberLimits(
  rules: readonly RuleEntry[],
  capacity: number,
  before: AppliedLimits | undefined,
): NumberedLimits | "no room" {
  const wanted = rules.filter(({ action }) => typeof action !== "string" && "limit" in action);
  if (wanted.length === 0) return { limits: undefined, cleared: [], table: "new" };
  const numbers: Record<string, NumberedLimit> = {};
  // Also those that are in force until others are, and write there.
  const used = new Set(Object.values(before?.numbers ?? {}).map((one) => placeOfLimit(one, capacity)));
  const cleared: number[] = [];
  // Rules that were taken back may have left entries with the numbers that they had.
  let next = randomBytes(4).readUInt32LE() % LIMIT_NUMBERS;
  let kept = 0;
  for (const { name, action } of wanted) {
    const limit = actionText(action);
    const known = before?.numbers[name];
    if (known?.limit === limit) {
      numbers[name] = known;
      kept += 1;
      continue;
    }
    if (used.size >= capacity) return "no room";
    while (used.has(next % capacity)) next = (next + 1) % LIMIT_NUMBERS;
    numbers[name] = { limit, number: next };
    used.add(next % capacity);
    cleared.push(next % capacity);
    next = (next + 1) % LIMIT_NUMBERS;
  }
  const shares = Math.min(wanted.filter(({ action }) => isKeyed(action)).length, MOST_SHARES);
  const buckets = Math.max(1, (shares * ENTRIES) / ENTRIES_PER_BUCKET);
  if (before === undefined || kept === 0) {
    return { limits: { numbers, buckets, hashKeys: newHashKeys() }, cleared, table: "new" };
  }
  const isSame = before.buckets >= buckets;
  return {
    limits: { numbers, buckets: isSame ? before.buckets : buckets, hashKeys: before.hashKeys },
    ...{ cleared, table: isSame ? "same" : "larger" },
  };
}

function isKeyed(action: RuleEntry["action"]): boolean {
  return typeof action !== "string" && "limit" in action && action.limit.per !== undefined;
}

/** Two factors for each word of a key. */
function newHashKeys(): readonly string[] {
  const random = randomBytes(2 * KEY_WORDS * 8);
  return Array.from({ length: 2 * KEY_WORDS }, (_, index) => String(random.readBigUInt64LE(index * 8) | 1n));
}
