/**
 * A set-up file for Vitest: a test file that leaves a descriptor open fails, with the place that opened it.
 *
 * @module
 */
import { forgetDescriptors, openDescriptors, trackDescriptors } from "@weir/kernel";
import { afterAll } from "vitest";

trackDescriptors();

// Set-up files register first, so this runs last: after the hooks in which a test file closes what it shares.
afterAll(() => {
  const leaks = openDescriptors();
  forgetDescriptors();
  if (leaks.length === 0) return;
  const list = leaks.map(({ what, number, openedAt }) => `${what} (descriptor ${number}), opened\n${openedAt}`);
  throw new Error(`${leaks.length} descriptors were left open:\n${list.join("\n")}`);
});
