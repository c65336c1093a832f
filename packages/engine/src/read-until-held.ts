import { pause } from "@weir/kernel";

/** Milliseconds before each further reading. */
const PAUSES = [0, 0, 1, 2, 4, 8, 16];

/**
 * A reading whose account holds, or the last of some. A frame between "seen" and "accounted" is there for nanoseconds, but the CPU that has it may be
 * taken away for as long as a hypervisor likes. What was really lost stays lost, so reading again tells the two apart.
 *
 * @param discard is given each reading that another one takes the place of
 */
export function readUntilHeld<Reading>(
  read: () => Reading,
  holds: (reading: Reading) => boolean,
  discard: (reading: Reading) => void = () => {},
): Reading {
  let reading = read();
  for (const milliseconds of PAUSES) {
    if (holds(reading)) break;
    discard(reading);
    pause(milliseconds);
    reading = read();
  }
  return reading;
}
