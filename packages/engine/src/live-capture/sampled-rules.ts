import { join } from "node:path";
import { BpfMap, type NetworkInterface } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import { openMonitor } from "../pinned/find-pinned.ts";
import { pinsOn } from "../pinned/generation.ts";
import type { PinnedMonitor } from "../pinned-monitor.ts";
import { noRules } from "../rules/list-rules.ts";
import { readAppliedRules } from "../rules/pinned-rules.ts";
import { FRAME_REPORTS, samplingRules } from "../rules/reports-stage.ts";
import type { RuleDocument } from "../rules/rule-document.ts";
import { argument } from "../text/shell-word.ts";

/** Rules that are in force on an interface, and whose frames are to be captured. */
export class SampledRules implements Disposable {
  /** A bit for each of them. */
  readonly bits: bigint;
  /** The map with what is to be reported of a frame. */
  readonly reports: BpfMap;
  readonly monitor: PinnedMonitor;

  /**
   * @param names of the rules
   * @throws {EngineError} `WEIR_NOT_ATTACHED`, `WEIR_NO_RULES`; `WEIR_OPTION` where no rule of a name samples
   */
  constructor({ name }: NetworkInterface, names: "all" | readonly string[]) {
    using opened = openMonitor(name);
    const { monitor } = opened;
    const pins = pinsOn(monitor);
    const applied = readAppliedRules(pins);
    if (applied === undefined) throw noRules(name);
    if (monitor.by === "dispatcher") throw amongOthers(name);
    this.bits = bitsOf(applied.document, names, name);
    this.monitor = monitor;
    this.reports = BpfMap.open(join(pins, FRAME_REPORTS));
  }

  [Symbol.dispose](): void {
    this.reports[Symbol.dispose]();
  }
}

function bitsOf(document: RuleDocument, names: "all" | readonly string[], name: string): bigint {
  const sampling = samplingRules(document).map((rule) => rule.name);
  const wanted = names === "all" ? sampling : names;
  const unknown = wanted.filter((one) => !sampling.includes(one));
  if (wanted.length > 0 && unknown.length === 0) {
    return wanted.reduce((bits, one) => bits | (1n << BigInt(sampling.indexOf(one))), 0n);
  }
  const which = unknown.length === 0 ? "none of the rules" : `no rule "${unknown.join('", "')}"`;
  throw new EngineError(
    "WEIR_OPTION",
    `${which} on ${name} has the action sample; those that have: ${sampling.join(", ") || "none"}\n` +
      `  Add one: weir rules add ${argument(name)} NAME sample EXPRESSION`,
  );
}

function amongOthers(name: string): EngineError {
  return new EngineError(
    "WEIR_BUSY",
    `weir is one of several programs on ${name}, where what its rules sample cannot be captured in this version\n` +
      `  Capture beside it instead: weir capture ${argument(name)} --shared -w FILE`,
  );
}
