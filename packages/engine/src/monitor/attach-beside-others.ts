import type { NetworkInterface, XdpAttachment } from "@weir/kernel";
import { hasDispatcher } from "../dispatcher/join.ts";
import type { Shared } from "../dispatcher/seat.ts";
import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";
import { attachHeld } from "../pinned/held-attachment.ts";
import type { PinProblem } from "../pinned-monitor.ts";
import { attachInPlaceOf, attachMonitor } from "./attach-monitor.ts";
import type { SharingSettings } from "./check-options.ts";
import type { LoadedMonitor } from "./load-monitor.ts";

/** Where a monitor shall be. */
export interface MonitorPlace {
  readonly target: NetworkInterface;
  readonly mode: Mode;
  /** Id of a program of somebody else whose place it takes, if that is there. */
  readonly replaceForeign: number | undefined;
  /** Undefined: it is to be the only program. */
  readonly sharing: SharingSettings | undefined;
  /** Whether its cost is to be measured, and kept to a budget. */
  readonly budget: boolean;
}

/** A monitor that is attached. */
export interface PlacedMonitor {
  readonly attachment: XdpAttachment;
  /** The programs on the interface; undefined where it is the only one. */
  readonly shared: Shared | undefined;
  /** What others have left there that could not be taken out. */
  readonly problems: readonly PinProblem[];
}

const ALONE = { shared: undefined, problems: [] };

/**
 * Attaches a monitor as long as the attachment is not disposed of: alone, or beside the programs of a dispatcher, where one is or is asked for.
 *
 * @throws {EngineError} as `attachMonitor` and `joinDispatcher`; `WEIR_OPTION` for a budget beside others
 */
export function attachBesideOthers(
  loaded: LoadedMonitor,
  { target, mode, replaceForeign, sharing, budget }: MonitorPlace,
): PlacedMonitor {
  if (replaceForeign !== undefined) {
    return { ...ALONE, attachment: attachInPlaceOf(replaceForeign, loaded.program, target, mode) };
  }
  if (sharing === undefined || !isShared(target, sharing)) {
    return { ...ALONE, attachment: attachMonitor(loaded.program, target, mode) };
  }
  if (budget) {
    throw new EngineError(
      "WEIR_OPTION",
      `a budget cannot be kept on ${target.name}: the kernel does not measure a program that a dispatcher calls\n  Use --sample 1/N instead.`,
    );
  }
  const { attachment, problems } = attachHeld(loaded, target, mode, sharing);
  return { attachment, shared: attachment.shared, problems };
}

/** Whether a monitor is to be one of several programs of an interface. */
export function isShared(target: NetworkInterface, { asked }: SharingSettings): boolean {
  return asked || (target.xdp.length > 0 && hasDispatcher(target));
}
