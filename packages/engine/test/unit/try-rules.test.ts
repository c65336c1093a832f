import { missingCaptures, requireTool } from "@weir/laboratory";
import { loadSets, parseRules, RuleTrial, SetContents } from "@weir/rules";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DecidedFrame, tryRules } from "../../src/index.ts";
import { allFrames, NumberedCapture } from "../fixtures/all-frames.ts";

const left = missingCaptures() ?? requireTool("tcpdump");

/** A rule, and how tcpdump is asked for the same frames where it knows no sets. */
type Line = readonly [action: "pass" | "drop" | "count" | "log" | "sample", match: string, asked?: string];

/** Rules that somebody might have, by what they are for; those without a default pass what is left. */
const RULE_SETS: Readonly<
  Record<string, { readonly default?: "drop"; readonly sets?: string; readonly lines: readonly Line[] }>
> = {
  "guard of SSH": {
    lines: [
      ["pass", "tcp dst port 22 and src net 192.168.0.0/16"],
      ["count", "tcp dst port 22 and tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn"],
      ["drop", "tcp dst port 22"],
    ],
  },
  "answers of DNS that amplify": {
    lines: [
      ["log", "udp src port 53 and greater 512"],
      ["drop", "udp src port 53 and udp[4:2] > 520"],
      ["drop", "udp port 53 and (ip[6:2] & 0x3fff != 0)"],
      ["pass", "port 53"],
    ],
  },
  "addresses that cannot be": {
    sets: "bogons: [0.0.0.0/8, 10.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.2.0/24, 224.0.0.0/4, fe80::/10]",
    lines: [
      ["pass", "arp"],
      [
        "count",
        "src in @bogons and dst in @bogons",
        "(src net 0.0.0.0/8 or src net 10.0.0.0/8 or src net 127.0.0.0/8 or src net 169.254.0.0/16 or src net 172.16.0.0/12 or src net 192.0.2.0/24 or src net 224.0.0.0/4 or src net fe80::/10) and (dst net 0.0.0.0/8 or dst net 10.0.0.0/8 or dst net 127.0.0.0/8 or dst net 169.254.0.0/16 or dst net 172.16.0.0/12 or dst net 192.0.2.0/24 or dst net 224.0.0.0/4 or dst net fe80::/10)",
      ],
      [
        "drop",
        "src in @bogons",
        "src net 0.0.0.0/8 or src net 10.0.0.0/8 or src net 127.0.0.0/8 or src net 169.254.0.0/16 or src net 172.16.0.0/12 or src net 192.0.2.0/24 or src net 224.0.0.0/4 or src net fe80::/10",
      ],
    ],
  },
  "only what is allowed": {
    default: "drop",
    sets: "services: [22, 53, 80, 443, 500-502]",
    lines: [
      ["pass", "arp or icmp or icmp6"],
      ["pass", "tcp dst port in @services", "tcp dst port 22 or 53 or 80 or 443 or tcp dst portrange 500-502"],
      ["pass", "udp port in @services", "udp port 22 or 53 or 80 or 443 or udp portrange 500-502"],
      ["pass", "tcp[tcpflags] & tcp-ack != 0"],
    ],
  },
  "VLANs apart": {
    default: "drop",
    lines: [
      ["drop", "vlan 100 and not arp"],
      ["pass", "vlan and (ip or ip6)"],
      ["pass", "not vlan and ip"],
    ],
  },
  "fragments and options": {
    lines: [
      ["sample", "ip[6:2] & 0x1fff != 0"],
      ["drop", "ip[6:2] & 0x3fff != 0 and not udp"],
      ["drop", "ip[0] & 0xf > 5"],
      ["drop", "ip6[6] = 44 or ip6[6] = 0"],
      ["drop", "ip6 protochain 17"],
    ],
  },
  "floods of SYN": {
    lines: [
      ["count", "tcp[tcpflags] & (tcp-syn|tcp-ack|tcp-fin|tcp-rst) = tcp-syn"],
      ["drop", "tcp[tcpflags] & (tcp-syn|tcp-fin) = (tcp-syn|tcp-fin)"],
      ["drop", "tcp[tcpflags] = 0"],
      ["pass", "tcp"],
    ],
  },
  tunnels: {
    lines: [
      ["drop", "ip proto 47 or ip proto 4 or ip6 proto 41 or ip proto 41"],
      ["drop", "udp port 4789 or udp port 2152 or udp port 6081"],
      ["count", "mpls"],
      ["drop", "mpls and ip"],
      ["pass", "esp or ah or udp port 4500"],
    ],
  },
  "noise of a network": {
    lines: [
      ["log", "broadcast or multicast"],
      ["drop", "ether proto 0x88cc or stp"],
      ["drop", "ip multicast or ip6 multicast"],
      ["drop", "udp port 137 or 138 or 1900 or 5353"],
      ["pass", "arp"],
      ["drop", "less 60"],
    ],
  },
  "hosts of one network": {
    sets: 'cards: ["00:0c:29:00:00:01", "00:00:00:00:00:01"]\n  net: [10.0.0.0/8, 192.168.1.0/24]',
    lines: [
      ["drop", "ether src in @cards", "ether src 00:0c:29:00:00:01 or ether src 00:00:00:00:00:01"],
      [
        "pass",
        "ip src and dst in @net",
        "(ip src net 10.0.0.0/8 or ip src net 192.168.1.0/24) and (ip dst net 10.0.0.0/8 or ip dst net 192.168.1.0/24)",
      ],
      ["drop", "tcp and host in @net", "tcp and (net 10.0.0.0/8 or net 192.168.1.0/24)"],
      ["drop", "ip6 and not icmp6"],
      ["count", ""],
    ],
  },
  "rules that overlap": {
    default: "drop",
    lines: [
      ["count", "tcp"],
      ["pass", "tcp port 80"],
      ["drop", "tcp port 80 or 443"],
      ["count", "port 53"],
      ["pass", "udp or icmp"],
      ["drop", "ip"],
      ["pass", "ip6"],
    ],
  },
};

/** About the payload alone: what they ask of a frame with tags, they ask of it without. */
const LOOK_THROUGH = [
  "guard of SSH",
  "addresses that cannot be",
  "only what is allowed",
  "floods of SYN",
  "rules that overlap",
];

describe.skipIf(left)(
  "over all captures, rules decide as the expressions that tcpdump is asked",
  { timeout: 300_000 },
  () => {
    let frames: ReturnType<typeof allFrames> = [];
    let tagged: NumberedCapture;
    let untagged: NumberedCapture;
    beforeAll(() => {
      frames = allFrames();
      tagged = new NumberedCapture(frames);
      untagged = new NumberedCapture(frames.map(withoutTags));
    });
    afterAll(() => {
      tagged[Symbol.dispose]();
      untagged[Symbol.dispose]();
    });

    test.each(Object.keys(RULE_SETS))("%s", async (name) => {
      await compare(name, "exact", tagged);
    });

    test.each(LOOK_THROUGH)("%s, through tags", async (name) => {
      await compare(name, "through", untagged);
    });

    /** Holds the rules, tried on the captures as they are, against what tcpdump shows of frames like them. */
    async function compare(name: string, vlan: "exact" | "through", oracle: NumberedCapture): Promise<void> {
      const { default: byDefault = "pass", sets, lines } = RULE_SETS[name] ?? { lines: [] };
      const text = [
        `vlan: ${vlan}`,
        `default: ${byDefault}`,
        ...(sets === undefined ? [] : [`sets:\n  ${sets}`]),
        "rules:",
        ...lines.map(
          ([action, match], index) => `  - { name: "${index}", action: ${action}, match: ${JSON.stringify(match)} }`,
        ),
      ].join("\n");
      const { rules } = parseRules(text, "rules.yaml");
      const decided: DecidedFrame[] = [];
      const onFrame = (frame: DecidedFrame) => void decided.push(frame);
      const trial = new RuleTrial(rules, new SetContents(loadSets(rules)));
      const result = await tryRules(tagged.path, trial, { monitor: false, onFrame });

      const shown = lines.map(([, match, asked = match]) => new Set(oracle.shownByTcpdump(asked)));
      const tallies = lines.map(() => ({ packets: 0, bytes: 0 }));
      const totals = {
        pass: { packets: 0, bytes: 0 },
        drop: { packets: 0, bytes: 0 },
        byRule: { packets: 0, bytes: 0 },
        byDefault: { packets: 0, bytes: 0 },
      };
      const expected = frames.map(({ bytes }, index): DecidedFrame => {
        const number = index + 1;
        const matching = lines.flatMap((_, line) => (shown[line]?.has(number) ? [line] : []));
        const decider = matching.find((line) => lines[line]?.[0] === "pass" || lines[line]?.[0] === "drop");
        for (const line of matching.filter((each) => decider === undefined || each <= decider))
          add(tallies[line], bytes);
        const verdict = (decider === undefined ? byDefault : lines[decider]?.[0]) === "drop" ? "drop" : "pass";
        add(totals[verdict], bytes);
        if (verdict === "drop") add(decider === undefined ? totals.byDefault : totals.byRule, bytes);
        const rule = decider ?? matching[0];
        return { number, verdict, rule: rule === undefined ? null : String(rule) };
      });
      expect(decided).toEqual(expected);
      expect(result.rules.map(({ packets, bytes }) => ({ packets, bytes }))).toEqual(tallies);
      const { byLimit, ...dropped } = result.dropped;
      const { pass, drop, ...causes } = totals;
      expect({ passed: result.passed, dropped }).toEqual({ passed: pass, dropped: { ...drop, ...causes } });
      expect(byLimit).toEqual({ packets: 0, bytes: 0 });
      expect(result.passed.packets + result.dropped.packets).toBe(frames.length);
      // Most rules are about something that is there.
      expect(tallies.filter(({ packets }) => packets > 0).length).toBeGreaterThanOrEqual(Math.floor(lines.length / 2));
    }
  },
);

function add(tally: { packets: number; bytes: number } | undefined, { length }: Uint8Array): void {
  if (tally === undefined) return;
  tally.packets += 1;
  tally.bytes += length;
}

/** A frame as it would be without VLAN tags. */
function withoutTags(frame: ReturnType<typeof allFrames>[number]): ReturnType<typeof allFrames>[number] {
  const { bytes, originalLength } = frame;
  let at = 12;
  while (at + 1 < bytes.length && [0x8100, 0x88a8, 0x9100].includes(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)))
    at += 4;
  if (at > 12 + 4 * 8) throw new Error("a frame with more tags than are looked through");
  return {
    bytes: Uint8Array.from([...bytes.subarray(0, 12), ...bytes.subarray(at)]),
    originalLength: originalLength - at + 12,
  };
}
