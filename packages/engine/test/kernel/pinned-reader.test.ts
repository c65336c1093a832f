/** Reading a pinned monitor again and again, while others change it. */
import { setTimeout as sleep } from "node:timers/promises";
import { requireRoot } from "@weir/laboratory";
import { parseRules } from "@weir/rules";
import { describe, expect, test } from "vitest";
import { applyRules, attach, detach, readPinned, type Snapshot } from "../../src/index.ts";
import { watchedVeth } from "./watched-veth.ts";

const RULES = parseRules(
  JSON.stringify({ rules: [{ name: "discard", match: "udp and dst port 9", action: "drop" }] }),
  "rules.json",
).rules;

describe.skipIf(requireRoot())("a reader of a pinned monitor", () => {
  test("goes on when the program is replaced, with rates since the reading before", async () => {
    using veth = watchedVeth();
    expect(veth.inside(() => readPinned(veth.name))).toBeUndefined();
    veth.inside(() => attach(veth.name, { idle: 0 }));
    using reader = veth.inside(() => readPinned(veth.name, { statistics: true }));
    const read = (): Snapshot | undefined => veth.inside(() => reader?.snapshot()[0]);
    veth.send(20);
    expect(read()).toMatchObject({ attached: true, counters: { udp: 20n } });
    expect(read()).not.toHaveProperty("rules");
    const before = reader?.interfaces[0]?.programId;
    veth.inside(() => applyRules([veth.name], RULES));
    await sleep(200);
    veth.send(10);
    const peeked = veth.inside(() => reader?.peek()[0]);
    const second = read();
    // The ten of the fifth of a second and what sending took, and not those before.
    for (const snapshot of [peeked, second]) {
      expect(snapshot?.rates.packetsPerSecond).toBeGreaterThan(1);
      expect(snapshot?.rates.packetsPerSecond).toBeLessThan(51);
    }
    expect(second).toMatchObject({
      ...{ counters: { udp: 30n, dropped_by_rule: 10n }, identity: { holds: true, exact: true } },
      rules: { file: "rules.json", rules: [{ name: "discard", packets: 10n }] },
      connections: [{ packets: 30n, drops: 10n }],
    });
    expect(second?.program?.runs).toBe(10n);
    expect(reader?.interfaces[0]?.programId).not.toBe(before);
    // Into other maps.
    veth.inside(() => attach(veth.name, { migrate: true, connections: 2048 }));
    veth.send(1);
    expect(read()).toMatchObject({ capacity: 2048, counters: { udp: 31n }, rules: { rules: [{ packets: 11n }] } });
    veth.inside(() => detach(veth.name));
  });

  test("keeps the last numbers of one that is detached, and does not take another one for it", () => {
    using veth = watchedVeth();
    veth.inside(() => applyRules([veth.name], RULES));
    using reader = veth.inside(() => readPinned(veth.name));
    veth.send(20);
    veth.inside(() => detach(veth.name));
    veth.inside(() => attach(veth.name));
    veth.send(5);
    const last = { attached: false, counters: { udp: 20n }, rules: { rules: [{ packets: 20n }] } };
    expect(veth.inside(() => reader?.snapshot()[0])).toMatchObject(last);
    expect(veth.inside(() => reader?.attached)).toBe(false);
    veth.inside(() => detach(veth.name));
  });
});
