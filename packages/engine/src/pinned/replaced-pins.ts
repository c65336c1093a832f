import { readdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { leaveDispatcherOf } from "../dispatcher/leave.ts";
import { CONFIRMED, generationDirectory, generationsIn, PROGRAM, UNCONFIRMED } from "./generation.ts";
import { lockPins } from "./pin-lock.ts";
import { namespaceOf, type PinPlace } from "./pin-place.ts";
import { attachmentAt, LINK } from "./pinned-attachment.ts";
import { removePins } from "./removal.ts";

/** Pins that belong to no program alone. */
const OF_ALL: ReadonlySet<string> = new Set([LINK, UNCONFIRMED, CONFIRMED]);

/**
 * Removes the pins of programs of a monitor that are not in force: those of one that was replaced, and those of one that was about to
 * come into force when its process was killed. Another process that is at work is waited for: its pins are about to be needed.
 */
export function removeReplaced(place: PinPlace): void {
  if (leftIn(place).length === 0) return;
  using lock = lockPins(place);
  if (lock !== undefined) removeReplacedLocked(place);
}

/** The same for whoever has the lock. */
export function removeReplacedLocked(place: PinPlace): void {
  for (const remove of leftIn(place)) remove();
}

/** What there is to remove, the acts that do it. */
function leftIn(place: PinPlace): (() => void)[] {
  const { directory } = place;
  using attachment = attachmentAt(place);
  if (attachment === undefined) return [];
  const { programId, by } = attachment;
  const generations = generationsIn(directory);
  const others = generations
    .filter((id) => id !== programId)
    .map((id) => () => {
      const pins = generationDirectory(directory, id);
      // A dispatcher that was made for a replacement which was killed keeps its program as well.
      if (by === "dispatcher") leaveDispatcherOf(join(pins, PROGRAM), place.index, namespaceOf(directory));
      removePins(pins);
    });
  if (!generations.includes(programId)) return others;
  // The first version of weir had the maps beside the link.
  const first = readdirSync(directory, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && !OF_ALL.has(entry.name),
  );
  return [
    ...others,
    ...first.map(
      ({ name }) =>
        () =>
          unlinkSync(join(directory, name)),
    ),
  ];
}
