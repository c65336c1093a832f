import { join } from "node:path";
import { SETTINGS } from "../pinned/generation.ts";
import { readSettings } from "../pinned/settings.ts";

/** A tick of the kernel's clock, and its length. */
export interface KernelTime {
  readonly now: bigint;
  /** Nanoseconds of a tick. */
  readonly tick: bigint;
}

/** The kernel's clock as a program with rules has it, by its pins. */
export function kernelTime(pins: string): KernelTime {
  const settings = readSettings(join(pins, SETTINGS));
  if ("version" in settings || settings.form === undefined) throw new Error("rules have settings of this version");
  const { tick, base } = settings.form.clock;
  // The base wraps: the kernel's clock begins before the machine does.
  return { now: (process.hrtime.bigint() - BigInt.asIntN(64, base)) / tick, tick };
}
