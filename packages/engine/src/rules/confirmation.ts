import { existsSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { u32 } from "@weir/bytecode/layout";
import { findInterface } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import { placeOn } from "../pinned/find-pinned.ts";
import { pinValue } from "../pinned/pin-value.ts";
import { argument } from "../text/shell-word.ts";
import { endTrial } from "./trial.ts";

/** The pin that says of a monitor that its rules wait for somebody to confirm them. */
const UNCONFIRMED = "unconfirmed";

/** Rules that are taken back unless somebody confirms them. Disposing of it says that nobody can any more. */
export class Confirmation implements Disposable {
  readonly #path: string;

  /** @param name of an interface that weir is attached to */
  constructor(name: string) {
    this.#path = pathOf(name);
    unlinkIfThere(this.#path);
    pinValue(this.#path, "weir_unconfirmed", u32, 0);
  }

  get isGiven(): boolean {
    return !existsSync(this.#path);
  }

  [Symbol.dispose](): void {
    unlinkIfThere(this.#path);
  }
}

/**
 * Confirms rules that were applied to an interface on condition of that: they stay. Those of {@link onTrial} come back where they have ended.
 *
 * @example
 * ```ts
 * confirmRules("eth0");
 * ```
 * @throws {EngineError} `WEIR_NO_RULES` when none wait for it
 */
export function confirmRules(name: string): void {
  const path = pathOf(name);
  const isAwaited = unlinkIfThere(path);
  // Where nobody waits any more, the rules may still be those that end, or have ended, by themselves.
  if (endTrial(name) || isAwaited) return;
  throw new EngineError(
    "WEIR_NO_RULES",
    `no rules wait to be confirmed on ${name}: they were confirmed already, or taken back\n` +
      `  See which are in force: weir rules list ${argument(name)}`,
  );
}

function pathOf(name: string): string {
  const place = placeOn(findInterface(name));
  if (place !== undefined) return join(place.directory, UNCONFIRMED);
  throw new EngineError("WEIR_NOT_ATTACHED", `weir is not attached to ${name}`);
}

function unlinkIfThere(path: string): boolean {
  if (!existsSync(path)) return false;
  unlinkSync(path);
  return true;
}
