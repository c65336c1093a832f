import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { type Decision, loadSets, parseRules, RuleTrial, SetContents, type TrialResult } from "../../src/index.ts";

const SECOND = 1_000_000_000n;
const udp = (destinationPort: number, address = "192.0.2.1"): Uint8Array =>
  ethernet().ipv4({ source: address }).udp({ sourcePort: 5000, destinationPort }).toBytes();
const udp6 = (destinationPort: number, address: string): Uint8Array =>
  ethernet().ipv6({ source: address }).udp({ sourcePort: 5000, destinationPort }).toBytes();
const arp = ethernet().arp().toBytes();

function trialOf(text: string): RuleTrial {
  const { rules } = parseRules(text, "rules.yaml");
  return new RuleTrial(rules, new SetContents(loadSets(rules)), 100n * SECOND);
}

/** What becomes of frames, as `pass dns`, and what is counted. */
function decide(
  text: string,
  frames: readonly (Uint8Array | readonly [frame: Uint8Array, seconds: number])[],
): { readonly decided: string[]; readonly result: TrialResult } {
  const trial = trialOf(text);
  const decided = frames.map((frame) => {
    const [bytes, seconds] = frame instanceof Uint8Array ? [frame, undefined] : frame;
    const time = seconds === undefined ? undefined : BigInt(Math.round(seconds * 1e9));
    return textOf(trial.decide({ bytes, length: bytes.length, time }));
  });
  return { decided, result: trial.result };
}

const textOf = ({ verdict, rule }: Decision): string => `${verdict} ${rule ?? "-"}`;

describe("the first rule that decides wins", () => {
  test("and a frame for which none does gets the default", () => {
    const text = `
default: drop
rules:
  - { name: friends, match: src host 192.0.2.9, action: pass }
  - { name: dns, match: udp dst port 53, action: drop }
  - { name: udp, match: udp, action: pass }
`;
    const { decided, result } = decide(text, [udp(53, "192.0.2.9"), udp(53), udp(80), arp]);
    expect(decided).toEqual(["pass friends", "drop dns", "pass udp", "drop -"]);
    const bytes = udp(53).length;
    expect(result).toEqual({
      rules: [
        { name: "friends", action: "pass", packets: 1, bytes, over: undefined },
        { name: "dns", action: "drop", packets: 1, bytes, over: undefined },
        { name: "udp", action: "pass", packets: 1, bytes, over: undefined },
      ],
      default: { action: "drop", packets: 1, bytes: arp.length },
      passed: { packets: 2, bytes: 2 * bytes },
      dropped: {
        packets: 2,
        bytes: bytes + arp.length,
        byRule: { packets: 1, bytes },
        byLimit: { packets: 0, bytes: 0 },
        byDefault: { packets: 1, bytes: arp.length },
      },
    });
  });

  test("and a rule on trial, a sample and a log leave the verdict to the next ones", () => {
    const text = `
rules:
  - { name: trial, match: udp, action: count }
  - { name: seen, match: dst port 53, action: log }
  - { name: taken, match: dst port 53, action: sample }
  - { name: dns, match: dst port 53, action: drop }
  - { name: never, match: dst port 53, action: count }
`;
    const { decided, result } = decide(text, [udp(53), udp(80), arp]);
    expect(decided).toEqual(["drop dns", "pass trial", "pass -"]);
    expect(result.rules.map(({ packets }) => packets)).toEqual([2, 1, 1, 1, 0]);
    expect(result.default.packets).toBe(2);
  });
});

test("tags are looked through, unless the file says exact", () => {
  const tagged = ethernet().vlan({ id: 5 }).ipv4().udp({ sourcePort: 5000, destinationPort: 53 }).toBytes();
  const rules = 'rules: [ { name: dns, match: "udp and dst port 53", action: drop } ]';
  expect(decide(rules, [tagged, udp(53)]).decided).toEqual(["drop dns", "drop dns"]);
  expect(decide(`vlan: exact\n${rules}`, [tagged, udp(53)]).decided).toEqual(["pass -", "drop dns"]);
});

test("sets have addresses and prefixes of both families, ports and hardware addresses", () => {
  const text = `
sets:
  block: [192.0.2.0/25, 2001:db8:5::/48, 198.51.100.7, 0.0.0.0/32]
  services: [53, 6000-6010]
  cards: ["02-00-00-00-00-99"]
rules:
  - { name: block, match: src in @block, action: drop }
  - { name: services, match: dst port in @services, action: drop }
  - { name: cards, match: ether src in @cards, action: drop }
`;
  const frames = [
    udp(80, "192.0.2.127"),
    udp(80, "192.0.2.128"),
    udp(80, "198.51.100.7"),
    udp(80, "198.51.100.8"),
    udp6(80, "2001:db8:5:ffff::1"),
    udp6(80, "2001:db8:6::1"),
    udp(53, "192.0.2.128"),
    udp(6010, "192.0.2.128"),
    udp(6011, "192.0.2.128"),
    ethernet({ source: "02:00:00:00:00:99" }).ipv6().toBytes(),
  ];
  expect(decide(text, frames).decided).toEqual([
    ...["drop block", "pass -", "drop block", "pass -", "drop block", "pass -"],
    ...["drop services", "drop services", "pass -", "drop cards"],
  ]);
});

describe("limits go by the times of frames", () => {
  const limit = (rest: string): string =>
    `rules: [ { name: few, match: udp, action: { limit: { ${rest} } } }, { name: rest, match: udp, action: pass } ]`;

  test("and below the rate the next rules decide", () => {
    const { decided, result } = decide(limit("rate: 1/s, burst: 2"), [
      ...Array.from({ length: 3 }, () => [udp(53), 10] as const),
      [udp(53), 11],
      [udp(53), 11.5],
      [udp(53), 20],
    ]);
    expect(decided).toEqual(["pass rest", "pass rest", "drop few", "pass rest", "drop few", "pass rest"]);
    const { length } = udp(53);
    expect(result.rules).toEqual([
      { name: "few", action: "limit", packets: 6, bytes: 6 * length, over: { packets: 2, bytes: 2 * length } },
      { name: "rest", action: "pass", packets: 4, bytes: 4 * length, over: undefined },
    ]);
    expect(result.dropped.packets).toBe(2);
  });

  test("for each source, or each prefix of sources", () => {
    const frames = ["192.0.2.1", "192.0.2.2", "192.0.3.1", "192.0.2.1"].map((address) => udp(53, address));
    const frames6 = ["2001:db8::1", "2001:db8::2", "2001:db8:1::1"].map((address) => udp6(53, address));
    const verdicts = (per: string): string =>
      decide(limit(`rate: 1/s, burst: 1, per: ${per}`), [...frames, ...frames6])
        .decided.map((text) => (text === "pass rest" ? "+" : "-"))
        .join("");
    expect(verdicts("rule")).toBe("+------");
    expect(verdicts("source")).toBe("+++-+++");
    expect(verdicts("source/24")).toBe("+-+-+++");
    expect(verdicts("source/64")).toBe("+++-+-+");
    expect(verdicts("source/16/32")).toBe("+---+--");
  });

  test("for each flow, whatever tags it has", () => {
    const tagged = ethernet()
      .vlan({ id: 5 })
      .ipv4({ source: "192.0.2.1" })
      .udp({ sourcePort: 5000, destinationPort: 53 })
      .toBytes();
    const { decided } = decide(limit("rate: 1/s, burst: 1, per: flow"), [udp(53), udp(54), udp(53), tagged]);
    expect(decided).toEqual(["pass rest", "pass rest", "drop few", "drop few"]);
  });

  test("later fragments of two flows of the same ends together: they have no ports", () => {
    const fragment = (port: number): Uint8Array => {
      const bytes = udp(port);
      bytes.set([0, 5], 20);
      return bytes;
    };
    const { decided } = decide(limit("rate: 1/s, burst: 1, per: flow"), [udp(53), fragment(53), fragment(54)]);
    expect(decided).toEqual(["pass rest", "pass rest", "drop few"]);
  });

  test("frames that are not of IP together", () => {
    const text = 'rules: [ { name: few, match: "", action: { limit: { rate: 1/s, burst: 1, per: source } } } ]';
    expect(decide(text, [arp, arp, udp(53), new Uint8Array(5)]).decided).toEqual([
      "pass few",
      "drop few",
      "pass few",
      "drop few",
    ]);
  });

  test("of bits by the whole frame, also where it was captured in part", () => {
    const trial = trialOf(limit("rate: 8kbit/s, burst: 8kbit"));
    const take = (length: number): string => textOf(trial.decide({ bytes: udp(53), length, time: undefined }));
    expect([take(500), take(500), take(60)]).toEqual(["pass rest", "pass rest", "drop few"]);
    expect(trial.result.rules[0]?.bytes).toBe(3 * udp(53).length);
  });
});

describe("rules hold for their time", () => {
  const seconds = (text: string): number => Date.parse(text) / 1000;
  const at = (text: string) => [udp(53), seconds(text)] as const;

  test("from one moment until before another", () => {
    const rule = "{ name: a, match: udp, action: drop, from: 2027-01-01T00:00:00Z, until: 2027-01-02T00:00:00Z }";
    const { decided } = decide(`rules: [ ${rule} ]`, [
      at("2026-12-31T23:59:59.999Z"),
      at("2027-01-01T00:00:00Z"),
      at("2027-01-01T23:59:59.999Z"),
      at("2027-01-02T00:00:00Z"),
    ]);
    expect(decided).toEqual(["pass -", "drop a", "drop a", "pass -"]);
  });

  test("until they expire, or for so long as they were to stay since the first frame", () => {
    const rules = "rules: [ { name: a, match: udp, action: drop, ttl: 1m } ]";
    expect(
      decide(rules, [
        [udp(53), 1000],
        [udp(53), 1059.9],
        [udp(53), 1060],
      ]).decided,
    ).toEqual(["drop a", "drop a", "pass -"]);
    const expiring = "rules: [ { name: a, match: udp, action: drop, expires: 2027-01-01T00:00:00Z } ]";
    const frames = [at("2026-12-31T23:59:59Z"), udp(53), at("2027-01-01T00:00:00Z"), udp(53)];
    expect(decide(expiring, frames).decided).toEqual(["drop a", "drop a", "pass -", "pass -"]);
  });
});
