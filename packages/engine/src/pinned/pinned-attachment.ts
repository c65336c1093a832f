import { dirname, join } from "node:path";
import {
  BpfProgram,
  findInterface,
  NetlinkAttachment,
  type NetworkInterface,
  type XdpAttachment,
  XdpLink,
} from "@weir/kernel";
import { leaveDispatcherOf } from "../dispatcher/leave.ts";
import { seatOf } from "../dispatcher/seat.ts";
import { SharedAttachment } from "../dispatcher/shared-attachment.ts";
import { ifFound } from "../if-found.ts";
import { generationDirectory, generationsIn, isThere, PROGRAM } from "./generation.ts";
import { namespaceDirectory, namespaceOf, type PinPlace } from "./pin-place.ts";

/**
 * The pin that keeps the program on the interface, where a link attached it. Every version of weir has it at this place, or, where
 * netlink attached it, the program's in a generation: so each can tell whether the program still is attached, and take it off.
 */
export const LINK = "link";

/** How the program of a place is attached, opened from its pin: its disposal leaves it there. Undefined when it is attached no more. */
export function attachmentAt({ directory, index }: Omit<PinPlace, "name">): XdpAttachment | undefined {
  return (
    ifFound(() => XdpLink.open(join(directory, LINK))) ??
    netlinkAttachment(directory, index) ??
    sharedAttachment(directory, index)
  );
}

/** Whether the program of a place still is on an interface. */
export function isAttached({ directory, index }: PinPlace): boolean {
  const byLink = ifFound(() => XdpLink.isAttachedAt(join(directory, LINK)));
  if (byLink !== undefined) return byLink;
  if (dirname(directory) === namespaceDirectory()) {
    using attachment = netlinkAttachment(directory, index) ?? sharedAttachment(directory, index);
    return attachment !== undefined;
  }
  // The interfaces of another network namespace cannot be seen from here: it is left to whoever looks from there.
  return programPins(directory).length > 0;
}

/** Takes the program off whose pins are in a directory, by whatever it was attached. */
export function takeOff(directory: string, index: number): void {
  // Taking the pin of a link away would detach as well, but some time later.
  ifFound(() => XdpLink.detachAt(join(directory, LINK)));
  netlinkAttachment(directory, index)?.detach();
  for (const path of programPins(directory)) leaveDispatcherOf(path, index, namespaceOf(directory));
}

/** The pins of programs that netlink attached, or was about to. */
export function programPins(directory: string): string[] {
  return generationsIn(directory)
    .map((id) => join(generationDirectory(directory, id), PROGRAM))
    .filter((path) => isThere(path));
}

function netlinkAttachment(directory: string, index: number): NetlinkAttachment | undefined {
  return lookOn(index, (target) => {
    for (const { programId } of target.xdp) {
      using program = ifFound(() => BpfProgram.open(join(generationDirectory(directory, programId), PROGRAM)));
      const attachment = program && NetlinkAttachment.open(program, target);
      if (attachment !== undefined) return attachment;
    }
    return undefined;
  });
}

/** One of the programs that the dispatcher of an interface calls. */
function sharedAttachment(directory: string, index: number): SharedAttachment | undefined {
  return lookOn(index, () => {
    for (const path of programPins(directory)) {
      using program = ifFound(() => BpfProgram.open(path));
      const seat = program && seatOf(program.id, index);
      if (program === undefined || seat === undefined) continue;
      const attachment = new SharedAttachment(program.id, seat);
      attachment.release();
      return attachment;
    }
    return undefined;
  });
}

/**
 * The pins of a program are there before it is attached, and go after it was replaced. So the interface is asked first, and asked again
 * when what it had is not there any more.
 */
function lookOn<Attachment>(
  index: number,
  look: (target: NetworkInterface) => Attachment | undefined,
): Attachment | undefined {
  for (let before = ""; ; ) {
    const target = ifFound(() => findInterface(index));
    const found = target && look(target);
    if (target === undefined || found !== undefined) return found;
    const present = target.xdp.map(({ programId }) => programId).join();
    if (present === before) return undefined;
    before = present;
  }
}
