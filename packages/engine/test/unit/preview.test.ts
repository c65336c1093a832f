/** What rules would do with frames, added up. */
import { parseRules, type RuleSet } from "@weir/rules";
import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { previewOnCapture, type RulesEffect, type SshSession } from "../../src/index.ts";
import { EvenlyChosen } from "../../src/preview/evenly-chosen.ts";
import { NumberedCapture } from "../fixtures/all-frames.ts";

const SESSION: SshSession = {
  source: "192.0.2.7",
  sourcePort: 50_000,
  destination: "192.0.2.1",
  destinationPort: 22,
};

const ARP = ethernet().arp().toBytes();
const tcp = (source: string, sourcePort: number, destinationPort: number) =>
  ethernet().ipv4({ source, destination: "192.0.2.1" }).tcp({ sourcePort, destinationPort }).toBytes();

function ruleSet(rules: readonly (readonly [string, string, string | object])[], top: object = {}): RuleSet {
  const entries = rules.map(([name, match, action]) => ({ name, match, action }));
  return parseRules(JSON.stringify({ ...top, rules: entries }), "rules.json").rules;
}

async function effectOf(rules: RuleSet, frames: readonly Uint8Array[], session?: SshSession): Promise<RulesEffect> {
  using capture = new NumberedCapture(frames.map((bytes) => ({ bytes, originalLength: bytes.length })));
  return await previewOnCapture(capture.path, rules, { session });
}

describe("the effect of rules on a capture", () => {
  test("says how many frames would be dropped, by which rule and of which connections", async () => {
    const frames = [
      ...Array.from({ length: 12 }, (_, port) => tcp("198.51.100.9", 1000 + port, 23)),
      tcp("198.51.100.9", 1000, 23),
      ARP,
      tcp("198.51.100.9", 1000, 80),
    ];
    const rules = ruleSet([
      ["telnet", "tcp dst port 23", "drop"],
      ["arp", "arp", "drop"],
    ]);
    const effect = await effectOf(rules, frames);
    expect(effect).toMatchObject({
      frames: 15,
      share: 14 / 15,
      dropped: { packets: 14 },
      passed: { packets: 1 },
      rules: [
        { name: "telnet", packets: 13 },
        { name: "arp", packets: 1 },
      ],
      cutOff: [{ what: "ARP", rule: "arp" }],
      session: undefined,
      change: undefined,
      // Two more connections of one frame each, and a frame of ARP.
      otherDropped: { packets: 3 },
    });
    expect(effect.connections).toHaveLength(10);
    expect(effect.connections[0]).toMatchObject({
      ...{ protocol: { name: "tcp" }, kind: "l4", packets: 2 },
      ...{ source: "198.51.100.9", sourcePort: 1000, destination: "192.0.2.1", destinationPort: 23 },
    });
  });

  test("tells the session apart, also where only a part of it would be dropped", async () => {
    const own = tcp(SESSION.source, SESSION.sourcePort, SESSION.destinationPort);
    const frames = [own, own, own, own, tcp(SESSION.source, 50_001, 22), tcp("192.0.2.8", 50_000, 22)];
    const limited = ruleSet([["few", "tcp dst port 22", { limit: { rate: "1/h", burst: "3", per: "flow" } }]]);
    expect(await effectOf(limited, frames, SESSION)).toMatchObject({
      session: { ...SESSION, frames: 4, dropped: 1 },
      cutOff: [],
    });
    const gone = await effectOf(ruleSet([["ssh", "tcp dst port 22", "drop"]]), frames, SESSION);
    expect(gone.session).toMatchObject({ frames: 4, dropped: 4 });
    expect(gone.cutOff).toEqual([{ what: "your session from 192.0.2.7 port 50000", rule: "ssh", from: null }]);
    const none = await effectOf(ruleSet([], { default: "drop" }), [ARP], SESSION);
    expect(none.session).toMatchObject({ frames: 0, dropped: 0 });
    expect(none.cutOff.at(-1)).toEqual({ what: "your session from 192.0.2.7 port 50000", rule: null, from: null });
  });

  test("tells a session over IPv6 apart, however its addresses are written", async () => {
    const session = { ...SESSION, source: "fe80::7%eth0", destination: "fe80::1" };
    const own = ethernet()
      .ipv6({ source: "fe80::7", destination: "fe80::1" })
      .tcp({ sourcePort: SESSION.sourcePort, destinationPort: 22 })
      .toBytes();
    const { session: found } = await effectOf(ruleSet([["six", "ip6 and tcp", "drop"]]), [own, own], session);
    expect(found).toMatchObject({ frames: 2, dropped: 2 });
  });
});

describe("frames that are chosen", () => {
  const numbered = (number: number) => ({
    bytes: Uint8Array.of(number & 0xff),
    originalLength: number,
    time: undefined,
  });
  const chosenOf = (count: number, most: number): number[] => {
    const chosen = new EvenlyChosen(most);
    for (let number = 0; number < count; number++) chosen.add(numbered(number));
    return chosen.frames.map(({ originalLength }) => originalLength);
  };

  test("are all of them where there is room, copied, in their order", () => {
    expect(chosenOf(100, 100)).toEqual(Array.from({ length: 100 }, (_, number) => number));
    const chosen = new EvenlyChosen(2);
    const frame = numbered(7);
    chosen.add(frame);
    frame.bytes[0] = 8;
    expect(chosen.frames[0]?.bytes[0]).toBe(7);
  });

  test("are so many of more, in their order, from everywhere with the same chance", () => {
    const [rounds, count, most, parts] = [400, 1000, 50, 10];
    const found = new Array<number>(parts).fill(0);
    for (let round = 0; round < rounds; round++) {
      const chosen = chosenOf(count, most);
      expect(chosen).toHaveLength(most);
      expect(chosen).toEqual([...new Set(chosen)].sort((one, other) => one - other));
      for (const number of chosen)
        found[Math.floor((number * parts) / count)] = (found[Math.floor((number * parts) / count)] ?? 0) + 1;
    }
    // Six standard deviations of the 2,000 that each part should have.
    const mean = (rounds * most) / parts;
    for (const part of found) expect(Math.abs(part - mean)).toBeLessThan(6 * Math.sqrt(mean));
  });
});
