import { BpfProgram, findInterface, type NetworkInterface } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import { ifFound } from "../if-found.ts";
import { changeDispatcher } from "./change.ts";
import { lockDispatchers } from "./folder.ts";
import { inNamespace } from "./namespaces.ts";
import { DispatcherPins } from "./pins.ts";

/**
 * Takes a program out of the dispatcher of an interface; the others go on in their order, and the dispatcher goes with the last of them.
 * Harmless where it is not in one, and where the interface has gone: then what is pinned of it is removed.
 *
 * @throws {EngineError} `WEIR_BUSY` when the dispatcher cannot be changed any more
 * @throws {KernelError}
 */
export function leaveDispatcher(programId: number, interfaceIndex: number): void {
  const before = interfaceAt(interfaceIndex);
  if (before !== undefined && DispatcherPins.on(before).length > 0) {
    changeDispatcher(interfaceIndex, "auto", (present, target) => {
      if (present.kind === "unusable" && isIn(programId, target)) throw cannotLeave(target, present.reason);
      if (present.kind !== "dispatcher") return undefined;
      const others = present.members.filter(({ id }) => id !== programId);
      return others.length === present.members.length ? undefined : others;
    });
  }
  removePins(programId, interfaceAt(interfaceIndex), interfaceIndex);
}

const interfaceAt = (index: number): NetworkInterface | undefined => ifFound(() => findInterface(index));

/**
 * The same for a program that is pinned at a path, in the network namespace with this number, which may be another one than this process's.
 */
export function leaveDispatcherOf(path: string, interfaceIndex: number, namespace: number): void {
  using program = ifFound(() => BpfProgram.open(path));
  if (program === undefined) return;
  const { id } = program;
  const left = inNamespace(namespace, () => {
    leaveDispatcher(id, interfaceIndex);
    return true;
  });
  // With the namespace its interfaces have gone.
  if (left === undefined) removePins(id, undefined, interfaceIndex);
}

/**
 * Dispatchers that are not on the interface any more, and would only keep their programs.
 *
 * @param target the interface, if it still is there
 */
function removePins(programId: number, target: NetworkInterface | undefined, interfaceIndex: number): void {
  using _lock = lockDispatchers();
  for (const pins of DispatcherPins.of(interfaceIndex)) {
    if (target?.xdp.some((attached) => attached.programId === pins.dispatcherId)) continue;
    if (pins.isDead) pins.remove();
    else if (!pins.programIds().includes(programId)) continue;
    // An interface that is not to be seen here may be in another network namespace, the dispatcher with it: the others go on.
    else if (target === undefined) pins.removeProgram(programId);
    else pins.remove();
  }
}

function isIn(programId: number, target: NetworkInterface): boolean {
  return DispatcherPins.on(target).some((pins) => pins.programIds().includes(programId));
}

function cannotLeave({ name }: NetworkInterface, reason: string): EngineError {
  return new EngineError(
    "WEIR_BUSY",
    `weir cannot be taken out of the dispatcher on ${name}: ${reason}\n  xdp-loader unload ${name} --all takes all programs off.`,
  );
}
