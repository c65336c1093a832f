import { findInterface, KernelError, type NetworkInterface } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { PinnedMonitor, UnreadableMonitor } from "../pinned-monitor.ts";
import { argument } from "../text/shell-word.ts";
import { isInForce, isReadable, monitorAt, type OpenedMonitor, openMaps, unknownVersion } from "./opened-monitor.ts";
import { directoriesIn, namespaceDirectory, type PinPlace, parsePlace } from "./pin-place.ts";
import { isAttached } from "./pinned-attachment.ts";

/** What goes by an interface's name: a pinned monitor, or what is left of one whose interface is gone. */
export type Found =
  | { readonly kind: "attached"; readonly place: PinPlace; readonly monitor: PinnedMonitor | UnreadableMonitor }
  | { readonly kind: "stale"; readonly place: PinPlace };

/** The pinned monitor on an interface: by the interface's name now, whatever it was called at attach. */
export function attachedMonitor(name: string): PinnedMonitor {
  const found = findPinned(name);
  if (found.kind === "attached") {
    const { monitor } = found;
    if (isReadable(monitor)) return monitor;
    throw unknownVersion(name, monitor.version);
  }
  throw new EngineError(
    "WEIR_NOT_ATTACHED",
    `weir is not attached to ${name} any more: the interface is gone, or the program was taken off it\n` +
      `  Remove what is left of it: weir detach ${argument(name)}`,
  );
}

/** Its program may be replaced between looking for its pins and opening them: that happens once, not time after time. */
const ATTEMPTS = 10;

/**
 * The pinned monitor on an interface, with its maps open. The pins of a program go after it was replaced, one by one: what was opened is
 * all of them if the program still is in force afterwards.
 *
 * @throws {EngineError} `WEIR_BUSY` when it is replaced time after time
 */
export function openMonitor(name: string): OpenedMonitor {
  return openInForce(name, openMaps);
}

/**
 * The same with what else shall be opened of it.
 *
 * @param open fails, or gives some of it, when the monitor is replaced meanwhile
 * @throws {EngineError} `WEIR_BUSY` when it is replaced time after time
 */
export function openInForce<Opened extends Disposable>(name: string, open: (monitor: PinnedMonitor) => Opened): Opened {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const monitor = attachedMonitor(name);
    using stack = new DisposableStack();
    try {
      const opened = stack.use(open(monitor));
      if (!isInForce(monitor)) continue;
      stack.move();
      return opened;
    } catch (error) {
      if (isInForce(monitor)) throw error;
    }
  }
  throw new EngineError(
    "WEIR_BUSY",
    `the monitor on ${name} was replaced ${ATTEMPTS} times while its pins were opened: try again when that has ended`,
  );
}

/**
 * Where the monitor on an interface is pinned, whatever the interface was called at attach; undefined where none is. Beside it there may be
 * what is left of one that was attached when the interface had another name.
 */
export function placeOn({ index }: NetworkInterface): PinPlace | undefined {
  return attachedOne(placesOf(index));
}

/** All places of an interface, by whatever name. */
export function placesOf(index: number): PinPlace[] {
  return places().filter((place) => place.index === index);
}

function attachedOne(candidates: readonly PinPlace[]): PinPlace | undefined {
  return candidates.find(isAttached) ?? candidates[0];
}

function places(): PinPlace[] {
  return directoriesIn(namespaceDirectory()).flatMap((directory) => parsePlace(directory) ?? []);
}

/** @throws {EngineError | KernelError} `WEIR_NOT_ATTACHED`, `WEIR_NO_INTERFACE` */
export function findPinned(name: string): Found {
  const target = interfaceNamed(name);
  const place =
    target instanceof KernelError
      ? attachedOne(places().filter((candidate) => candidate.name === name))
      : placeOn(target);
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
