import {
  attachXdp,
  type Fallback,
  findInterface,
  KernelError,
  NetlinkAttachment,
  type NetworkInterface,
  pause,
} from "@weir/kernel";
import { ifFound } from "../if-found.ts";
import type { Mode } from "../mode.ts";
import { lockDispatchers } from "./folder.ts";
import { makeDispatcher } from "./made.ts";
import type { DispatcherMember } from "./member.ts";
import { DispatcherPins } from "./pins.ts";
import { type Present, type PresentDispatcher, presentOn } from "./present.ts";

/** Others, such as xdp-loader, may be quicker now and then. */
const ATTEMPTS = 10;
/** Milliseconds from one attempt to the next. */
const PAUSE = 20;

/** What shall be on an interface instead of what is there: programs in their order, or nothing; undefined to leave it as it is. */
export type Decision = (present: Present, target: NetworkInterface) => readonly DispatcherMember[] | undefined;

/**
 * Changes the programs that the dispatcher of an interface calls: makes another dispatcher, puts it in the place of the present one at one
 * stroke, and takes that one's pins away. Each packet meets the one or the other. Starts over when somebody else has changed them meanwhile.
 *
 * @param mode for a dispatcher where there is none
 * @returns why the mode is not `drv` although `auto` was asked for
 * @throws {KernelError} when the kernel refuses; then all is as before
 */
export function changeDispatcher(interfaceIndex: number, mode: Mode, decide: Decision): Fallback | undefined {
  using _lock = lockDispatchers();
  for (let attempt = 1; ; attempt++) {
    const target = findInterface(interfaceIndex);
    const present = presentOn(target);
    using _programs = present.kind === "dispatcher" ? present : undefined;
    const members = decide(present, target);
    if (members === undefined) return undefined;
    try {
      const fallback =
        present.kind === "dispatcher" ? exchange(present, members, target) : begin(members, target, mode);
      removeLeftBehind(target);
      return fallback;
    } catch (error) {
      const changed =
        error instanceof KernelError && error.isBusy && ifFound(() => hasChanged(present, interfaceIndex));
      if (changed !== true || attempt === ATTEMPTS) throw error;
      pause(PAUSE);
    }
  }
}

function begin(members: readonly DispatcherMember[], target: NetworkInterface, mode: Mode): Fallback | undefined {
  using made = makeDispatcher(members, target.index);
  try {
    // By netlink, because a link could be replaced by its owner alone.
    const attachment = attachXdp({ interface: target.index, program: made.program, mode, by: "netlink" });
    attachment.release();
    return attachment.fallback;
  } catch (error) {
    made.pins.remove();
    throw error;
  }
}

function exchange(
  present: PresentDispatcher,
  members: readonly DispatcherMember[],
  target: NetworkInterface,
): undefined {
  using attachment = NetlinkAttachment.open(present.program, target);
  if (attachment === undefined) throw new Error("the dispatcher was on the interface when it was read");
  if (members.length === 0) {
    // Refused when somebody else has exchanged the dispatcher: what they made of it may call the program that leaves.
    attachment.takeOff();
  } else {
    using made = makeDispatcher(members, target.index);
    try {
      attachment.replace(made.program);
    } catch (error) {
      made.pins.remove();
      throw error;
    }
  }
  present.pins.remove();
}

/** Whether what is on an interface is another program than before. */
function hasChanged(before: Present, interfaceIndex: number): boolean {
  using now = openedDispatcher(presentOn(findInterface(interfaceIndex)));
  if (before.kind !== "dispatcher") return before.kind === "none";
  return now?.program.id !== before.program.id;
}

const openedDispatcher = (present: Present): PresentDispatcher | undefined =>
  present.kind === "dispatcher" ? present : undefined;

/**
 * Takes away the pins that processes leave which are killed in the middle of a change: those of dispatchers that call no other programs than
 * the present one does. Only right after a change, which no other one that was begun before can outlive: it would replace a dispatcher that is
 * not there any more. Where the interface has gone meanwhile, they may be on it in another network namespace.
 */
function removeLeftBehind({ index }: NetworkInterface): void {
  const target = ifFound(() => findInterface(index));
  if (target === undefined) return;
  using present = openedDispatcher(presentOn(target));
  const ids = new Set(present?.members.map(({ id }) => id));
  for (const pins of DispatcherPins.of(index)) {
    if (pins.dispatcherId === present?.program.id) continue;
    if (pins.isDead || pins.programIds().every((id) => ids.has(id))) pins.remove();
  }
}
