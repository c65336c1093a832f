import { findInterface, KernelError, type NetworkInterface } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { PinnedMonitor } from "../pinned-monitor.ts";
import { argument } from "../text/shell-word.ts";
import { monitorAt } from "./opened-monitor.ts";
import { directoriesIn, namespaceDirectory, type PinPlace, parsePlace } from "./pin-place.ts";

/** What goes by an interface's name: a pinned monitor, or what is left of one whose interface is gone. */
export type Found =
  | { readonly kind: "attached"; readonly place: PinPlace; readonly monitor: PinnedMonitor }
  | { readonly kind: "stale"; readonly place: PinPlace };

/** The pinned monitor on an interface: by the interface's name now, whatever it was called at attach. */
export function attachedMonitor(name: string): PinnedMonitor {
  const found = findPinned(name);
  if (found.kind === "attached") return found.monitor;
  throw new EngineError(
    "WEIR_NOT_ATTACHED",
    `weir is not attached to ${name} any more: the interface is gone, or the program was taken off it\n` +
      `  Remove what is left of it: weir detach ${argument(name)}`,
  );
}

/** @throws {EngineError | KernelError} `WEIR_NOT_ATTACHED`, `WEIR_NO_INTERFACE` */
export function findPinned(name: string): Found {
  const places = directoriesIn(namespaceDirectory()).flatMap((directory) => parsePlace(directory) ?? []);
  const target = interfaceNamed(name);
  const place =
    target instanceof KernelError
      ? places.find((candidate) => candidate.name === name)
      : places.find((candidate) => candidate.index === target.index);
  if (place !== undefined) {
    const monitor = monitorAt(place);
    return monitor === undefined ? { kind: "stale", place } : { kind: "attached", place, monitor };
  }
  if (target instanceof KernelError) throw target;
  throw new EngineError(
    "WEIR_NOT_ATTACHED",
    `weir is not attached to ${target.name}\n  Attach it: weir attach ${argument(target.name)}`,
  );
}

function interfaceNamed(name: string): NetworkInterface | KernelError {
  try {
    return findInterface(name);
  } catch (error) {
    if (error instanceof KernelError && error.isNotFound) return error;
    throw error;
  }
}
