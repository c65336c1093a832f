import { existsSync, renameSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { u64 } from "@weir/bytecode/layout";
import { ArrayMap, BpfMap, findInterface, hasCode } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import { placeOn } from "../pinned/find-pinned.ts";
import { CONFIRMED, UNCONFIRMED } from "../pinned/generation.ts";
import { pinValue } from "../pinned/pin-value.ts";
import { argument } from "../text/shell-word.ts";
import { endTrial } from "./trial.ts";

/** "gone": weir is not attached any more, or somebody else waits there now. */
export type ConfirmationState = "awaited" | "given" | "gone";

/**
 * Rules that are taken back unless somebody confirms them: a pin says so, which has another name when somebody has. Whoever is first, to confirm or
 * to take back, renames or removes it; so they never both do. Disposing of it says that nobody can confirm any more.
 */
export class Confirmation implements Disposable {
  readonly interface: string;
  readonly #directory: string;

  /**
   * @param name of an interface that weir is attached to
   * @param seconds until the rules are taken back
   */
  constructor(name: string, seconds: number) {
    this.interface = name;
    this.#directory = directoryOf(name);
    this[Symbol.dispose]();
    const end = process.hrtime.bigint() + BigInt(Math.round(seconds * 1e9));
    pinValue(this.#awaited, "weir_unconfirmed", u64, end);
  }

  get state(): ConfirmationState {
    if (existsSync(this.#awaited)) return "awaited";
    return existsSync(this.#given) ? "given" : "gone";
  }

  /** Ends the waiting, unless somebody has confirmed: whether the rules have to be taken back. */
  refuse(): boolean {
    return ifThere(() => unlinkSync(this.#awaited));
  }

  get #awaited(): string {
    return join(this.#directory, UNCONFIRMED);
  }

  get #given(): string {
    return join(this.#directory, CONFIRMED);
  }

  [Symbol.dispose](): void {
    for (const path of [this.#awaited, this.#given]) ifThere(() => unlinkSync(path));
  }
}

/**
 * Confirms rules that were applied to an interface on condition of that: they stay. Those of {@link onTrial} come back where they have ended.
 *
 * @example
 * ```ts
 * confirmRules("eth0");
 * ```
 * Needs root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN. Since Linux 6.1.
 * @throws {EngineError} `WEIR_NOT_ATTACHED`; `WEIR_NO_RULES` when none wait for it
 */
export function confirmRules(name: string): void {
  const directory = directoryOf(name);
  const isAwaited = ifThere(() => renameSync(join(directory, UNCONFIRMED), join(directory, CONFIRMED)));
  // Where nobody waits any more, the rules may still be those that end, or have ended, by themselves.
  if (endTrial(name) || isAwaited) return;
  throw new EngineError(
    "WEIR_NO_RULES",
    `no rules wait to be confirmed on ${name}: they were confirmed already, or taken back\n` +
      `  See which are in force: weir rules list ${argument(name)}`,
  );
}

/** Nanoseconds after the end of the waiting in which whoever waits takes the rules back, if it is still there. */
const GRACE = 1_000_000_000n;

/**
 * For whoever is to put other rules in the place of those on an interface: they would be taken back with those.
 *
 * @throws {EngineError} `WEIR_UNCONFIRMED` while rules there wait to be confirmed
 */
export function refuseUnconfirmed(name: string): void {
  const place = placeOn(findInterface(name));
  const path = place && join(place.directory, UNCONFIRMED);
  if (path === undefined || !existsSync(path)) return;
  using map = BpfMap.open(path);
  using ends = ArrayMap.of(map, { value: u64 });
  const left = (ends.get(0) ?? 0n) - process.hrtime.bigint();
  if (left < -GRACE) return;
  const seconds = Math.max(1, Math.ceil(Number(left) / 1e9));
  throw new EngineError(
    "WEIR_UNCONFIRMED",
    `the rules on ${name} wait to be confirmed, for ${seconds} s more; nothing was changed\n` +
      `  Say that they stay: weir rules confirm ${argument(name)}; or end the command that waits, which takes them back. Then apply others.`,
  );
}

function directoryOf(name: string): string {
  const place = placeOn(findInterface(name));
  if (place !== undefined) return place.directory;
  throw new EngineError("WEIR_NOT_ATTACHED", `weir is not attached to ${name}`);
}

/** Whether there was a file to do it with. */
function ifThere(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}
