import { findInterface, type NetworkInterface, type XdpMode } from "@weir/kernel";
import { ifFound } from "../if-found.ts";
import { DispatcherPins } from "./pins.ts";
import { presentOn } from "./present.ts";

/** A program of an interface that has several. */
export interface SharingProgram {
  readonly name: string;
  readonly id: number;
  /** Those with lower numbers run first. */
  readonly priority: number;
}

/** The programs that the dispatcher of an interface calls, and which of them is the monitor's. */
export interface Shared {
  /** Id of the dispatcher, the program that is on the interface itself. */
  readonly dispatcherId: number;
  /** The monitor's place among the programs, from 1 on: those before it may drop packets that it does not see. */
  readonly position: number;
  /** In the order in which they run. */
  readonly programs: readonly SharingProgram[];
}

/** A program's place in the dispatcher of an interface. */
export interface Seat {
  readonly target: NetworkInterface;
  readonly mode: XdpMode;
  readonly shared: Shared;
}

/** Where a program is in the dispatcher of an interface; undefined when it is in none, or the interface has gone. */
export function seatOf(programId: number, interfaceIndex: number): Seat | undefined {
  for (let attempt = 1; attempt <= 3; attempt++) {
    const target = ifFound(() => findInterface(interfaceIndex));
    const present = target && DispatcherPins.on(target).length > 0 ? presentOn(target) : undefined;
    if (target === undefined || present === undefined || present.kind === "none" || present.kind === "program")
      return undefined;
    // Somebody may be changing it right now.
    if (present.kind === "unusable") continue;
    using dispatcher = present;
    const index = dispatcher.members.findIndex(({ id }) => id === programId);
    if (index === -1) return undefined;
    const programs = dispatcher.members.map(({ name, id, priority }) => ({ name, id, priority }));
    const shared = { dispatcherId: dispatcher.program.id, position: index + 1, programs };
    return { target, mode: dispatcher.mode, shared };
  }
  return undefined;
}
