import { expect, test } from "vitest";
import { type DispatcherMember, inOrder } from "../../src/dispatcher/member.ts";
import { sharingWarnings } from "../../src/dispatcher/warnings.ts";

const member = (name: string, priority: number): DispatcherMember & { readonly name: string } => ({
  name,
  priority,
  continueAfter: 4,
  frags: false,
  program: () => {
    throw new Error("it is not loaded");
  },
});

test("programs run by priority, then by name, and else as they were", () => {
  const first = member("same", 50);
  const second = member("same", 50);
  const ordered = inOrder([first, member("b", 50), member("z", 5), second, member("B", 50)]);
  expect(ordered.map(({ name, priority }) => [name, priority])).toEqual([
    ["z", 5],
    ["B", 50],
    ["b", 50],
    ["same", 50],
    ["same", 50],
  ]);
  expect([ordered[3] === first, ordered[4] === second]).toEqual([true, true]);
});

test("what runs before the monitor is warned of, and what runs behind is not", () => {
  const program = (name: string, priority: number) => ({ name, priority, id: 1 });
  const programs = [program("one", 0), program("two", 4), program("weir", 5), program("three", 9)];
  const warningsAt = (position: number, list = programs) =>
    sharingWarnings({ dispatcherId: 7, position, programs: list });
  expect(warningsAt(1)).toEqual([]);
  expect(warningsAt(3)).toEqual([
    "one (priority 0), two (priority 4) run before weir: packets that they do not pass are not counted.",
  ]);
  expect(warningsAt(2, programs.slice(1))).toEqual([
    "two (priority 4) runs before weir: packets that it does not pass are not counted. --priority 3 or lower counts them.",
  ]);
});
