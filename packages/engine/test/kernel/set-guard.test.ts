/** Sets are not changed so that the rules which ask them cut off whoever changes them. */
import { requireRoot } from "@weir/laboratory";
import { entryOf, parseRules } from "@weir/rules";
import { expect, test } from "vitest";
import { addToSet, applyRules, detach, listSet, removeFromSet, type SshSession } from "../../src/index.ts";
import { watchedVeth } from "./watched-veth.ts";

const SESSION: SshSession = { source: "192.0.2.7", sourcePort: 50_000, destination: "192.0.2.1", destinationPort: 22 };
const FILE = `
default: drop
sets: { blocked: [ 198.51.100.0/24 ], admins: [ 192.0.2.0/24, 192.0.2.7 ] }
rules:
  - { name: needed, match: arp or icmp6 or udp, action: pass }
  - { name: blocked, match: src in @blocked, action: drop }
  - { name: admins, match: tcp and src in @admins, action: pass }
`;

function entries(...texts: readonly string[]) {
  return texts.map((text) => {
    const entry = entryOf(text);
    if (entry.kind === "mistake") throw new Error(entry.message);
    return entry;
  });
}

test.skipIf(requireRoot())("a set is not changed so that its rules cut off the session", () => {
  using veth = watchedVeth();
  const { rules } = parseRules(FILE, "rules.yaml");
  veth.inside(() => applyRules([veth.name], rules, { session: SESSION }));
  const add = (text: string, options = {}) =>
    veth.inside(() => addToSet(veth.name, "blocked", entries(text), { session: SESSION, ...options }));
  const remove = (text: string, options = {}) =>
    veth.inside(() => removeFromSet(veth.name, "admins", entries(text), { session: SESSION, ...options }));
  const listed = (set: string) => veth.inside(() => listSet(veth.name, set)).map(({ text }) => text);

  expect(() => add("192.0.2.0/28")).toThrow(/@blocked the rules on .*your session from 192\.0\.2\.7.*"blocked"/s);
  expect(() => add("192.0.2.7", { seconds: 60 })).toThrow("nothing was changed");
  expect(add("203.0.113.7")).toEqual({ changed: 1, unchanged: 0, renewed: 0 });
  expect(listed("blocked")).toEqual(["198.51.100.0/24", "203.0.113.7"]);

  // Another entry still contains the address.
  expect(remove("192.0.2.0/24")).toEqual({ changed: 1, unchanged: 0 });
  expect(() => remove("192.0.2.7")).toThrow(/@admins the rules on .*your session.*the default drops/s);
  expect(listed("admins")).toEqual(["192.0.2.7"]);

  // What is cut off already is no reason to refuse other changes.
  expect(add("192.0.2.7", { guard: false })).toEqual({ changed: 1, unchanged: 0, renewed: 0 });
  expect(add("203.0.113.8")).toEqual({ changed: 1, unchanged: 0, renewed: 0 });
  expect(remove("192.0.2.7")).toEqual({ changed: 1, unchanged: 0 });
  veth.inside(() => detach(veth.name));
});
