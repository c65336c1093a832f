import { describe, expect, test } from "vitest";
import { ipv4Prefix, parseRules, RulesError } from "../../src/index.ts";

const read = (text: string) => parseRules(text, "rules.yaml");

function mistakes(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof RulesError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("rules", () => {
  test("the smallest file", () => {
    const { rules, warnings } = read('rules: [ { name: dns, match: "udp and dst port 53", action: drop } ]');
    expect(warnings).toEqual([]);
    expect(rules).toMatchObject({
      ...{ file: "rules.yaml", vlan: "through", default: "pass", fail: "open", sets: [] },
      rules: [{ name: "dns", action: { kind: "drop" }, place: { file: "rules.yaml", line: 1, column: 10 } }],
    });
    expect(rules.rules[0]?.filter).toMatchObject({ expression: "udp and dst port 53", vlan: "through" });
  });

  test("all that can be said", () => {
    const { rules } = read(`
vlan: exact
default: drop
fail: closed
sets:
  block: [203.0.113.0/24, 2001:db8::/32, 192.0.2.7]
  services: { entries: [53, 6000-6010] }
  cards: { kind: macs, entries: ["02:00:00:00:00:07"], file: cards.txt }
rules:
  - { name: all, match: "", action: count, comment: how much it is }
  - name: some
    match: src in @block and udp dst port in @services or ether src in @cards
    action: { limit: { rate: 10Mbit/s, burst: 64kbyte, per: source/24/64 } }
    from: 2027-01-01T00:00:00Z
    until: 2027-01-02T00:00:00+01:00
    ttl: 1h30m
  - { name: seen, match: arp, action: log, expires: "2027-01-02 00:00Z" }
  - { name: taken, match: icmp, action: sample }
  - { name: more, match: icmp6, action: { log: { rate: 2k/s, burst: 7 } } }
`);
    expect(rules).toMatchObject({ vlan: "exact", default: "drop", fail: "closed" });
    expect(rules.sets.map(({ place: _, ...set }) => set)).toEqual([
      {
        ...{ name: "block", kind: "addresses", file: undefined },
        entries: [
          { kind: "ipv4", prefix: ipv4Prefix(0xcb00_7100, 24) },
          { kind: "ipv6", prefix: { words: [0x2001_0db8, 0, 0, 0], length: 32 } },
          { kind: "ipv4", prefix: ipv4Prefix(0xc000_0207, 32) },
        ],
      },
      {
        ...{ name: "services", kind: "ports", file: undefined },
        entries: [
          { kind: "ports", range: { first: 53, last: 53 } },
          { kind: "ports", range: { first: 6000, last: 6010 } },
        ],
      },
      { name: "cards", kind: "macs", file: "cards.txt", entries: [{ kind: "mac", mac: 0x0200_0000_0007 }] },
    ]);
    const [all, some, seen, taken, more] = rules.rules;
    expect(all).toMatchObject({ action: { kind: "count" }, comment: "how much it is" });
    expect(some).toMatchObject({
      action: {
        kind: "limit",
        rate: { unit: "bits", amount: 1e7, seconds: 1 },
        burst: 512_000,
        per: { kind: "source", ipv4: 24, ipv6: 64 },
      },
      ...{ from: Date.UTC(2027, 0, 1), until: Date.UTC(2027, 0, 1, 23), ttl: 5400 },
    });
    const usual = { kind: "log", rate: { unit: "packets", amount: 10, seconds: 1 }, burst: 5 };
    expect(more).toMatchObject({ action: { kind: "log", rate: { amount: 2000, seconds: 1 }, burst: 7 } });
    expect(seen).toMatchObject({ action: usual, expires: Date.UTC(2027, 0, 2) });
    expect(taken).toMatchObject({ action: { kind: "sample" } });
  });

  test("are frozen as a whole", () => {
    const { rules } = read("rules: [ { name: a, match: tcp port 80, action: { limit: { rate: 5/s } } } ]");
    const [rule] = rules.rules;
    for (const part of [rules, rules.rules, rule, rule?.action, rule?.filter, rule?.filter.meaning, rule?.place]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});

const rule = (rest: string): string => `rules:\n  - { name: a, match: tcp, action: drop, ${rest} }`;
const limit = (rest: string): string => `rules:\n  - { name: a, match: tcp, action: { limit: { ${rest} } } }`;
const log = (rest: string): string => `rules:\n  - { name: a, match: tcp, action: { log: { ${rest} } } }`;
const set = (rest: string, asked = "host in"): string =>
  `rules: [ { name: a, match: ${asked} @s, action: drop } ]\nsets:\n  s: ${rest}`;

/** A file, and how the lines of the message begin. */
const MISTAKES: readonly (readonly [what: string, text: string, ...lines: string[]])[] = [
  ["nothing in it", "", "rules.yaml:1:1: there is nothing in it"],
  ["no YAML", "rules: [", "rules.yaml:1:9: "],
  ["an unknown key", "rule: []", 'rules.yaml:1:1: unknown key "rule"; known here: vlan, default, fail, sets, rules'],
  [
    "an unknown key of a rule",
    rule("when: 5"),
    'rules.yaml:2:42: rules[0]: unknown key "when"; known here: name, match',
  ],
  ["no action", "rules: [ { name: a, match: tcp } ]", "rules.yaml:1:10: rules[0].action: is missing"],
  [
    "an unknown action",
    "rules: [ { name: a, match: tcp, action: reject } ]",
    "rules.yaml:1:41: rules[0].action: must be pass, drop, count, sample, log, { log: { rate: … } } or { limit: { rate: … } }",
  ],
  [
    "a limit without a rate",
    "rules: [ { name: a, match: tcp, action: limit } ]",
    "rules.yaml:1:41: rules[0].action: a limit needs a rate",
  ],
  [
    "a bad name",
    'rules: [ { name: "a b", match: tcp, action: drop } ]',
    "rules.yaml:1:18: rules[0].name: a name has 1 to 63",
  ],
  [
    "an expression with a mistake, at its character",
    "rules:\n  - name: a\n    match: tcp and port nonsense\n    action: drop",
    'rules.yaml:3:25: rules[0].match: "nonsense" is not the name of a port that weir knows. Write its number.',
  ],
  [
    "in quotes, too",
    "rules:\n  - name: a\n    match: 'tcp and port nonsense'\n    action: drop",
    "rules.yaml:3:26: rules[0].match: ",
  ],
  [
    "in JSON, too",
    '{ "rules": [\n{ "name": "a", "match": "tcp and port nonsense", "action": "drop" } ] }',
    "rules.yaml:2:39: rules[0].match: ",
  ],
  [
    "in several lines, too",
    "rules:\n  - name: a\n    match: >\n      tcp and\n      port nonsense\n    action: drop",
    'rules.yaml:5:12: rules[0].match: "nonsense" is not the name',
  ],
  [
    "in quotes over several lines, with the words that it is about",
    "rules:\n  - name: a\n    match: 'tcp and\n      port nonsense'\n    action: drop",
    'rules.yaml:3:12: rules[0].match: at "nonsense", character 14: "nonsense" is not the name',
  ],
  [
    "an ambiguous address",
    "rules: [ { name: a, match: host 127.1, action: drop } ]",
    "rules.yaml:1:33: rules[0].match: ",
  ],
  [
    "host bits",
    "rules: [ { name: a, match: net 10.0.0.1/8, action: drop } ]",
    "rules.yaml:1:32: rules[0].match: the address has bits that its mask cuts off",
  ],
  [
    "a name twice",
    "rules:\n  - { name: a, match: tcp, action: drop }\n  - { name: a, match: udp, action: drop }",
    'rules.yaml:3:13: rules[1].name: the rule at rules.yaml:2 has the name "a" too',
  ],
  [
    "an unknown set",
    "rules: [ { name: a, match: tcp and src in @block, action: drop } ]",
    "rules.yaml:1:40: rules[0].match: there is no set @block: it belongs under sets",
  ],
  [
    "a set of the wrong kind",
    "rules: [ { name: a, match: port in @s, action: drop } ]\nsets:\n  s: [10.0.0.0/8]",
    "rules.yaml:1:33: rules[0].match: @s has addresses (rules.yaml:3), and is asked for ports",
  ],
  [
    "a set from a file of other things than it says",
    "rules: [ { name: a, match: port in @s, action: drop } ]\nsets:\n  s: { file: ports.txt }",
    "rules.yaml:1:33: rules[0].match: @s is one of addresses (rules.yaml:3), and is asked for ports: where its file has those, it is { kind: ports, file:",
  ],
  [
    "what does not go with an included file",
    "rules: [ { include: more.yaml, name: x } ]",
    'rules.yaml:1:32: rules[0]: "name" does not go with "include"',
  ],
  [
    "a name that would be lost",
    "sets: { __proto__: [22] }\nrules: [ { name: a, match: tcp, action: drop } ]",
    'rules.yaml:1:9: "__proto__" cannot be a name here',
  ],
  ["a set of nothing", set("{}"), "rules.yaml:3:6: sets.s: must have entries, or a file with them"],
  ["a bad name of a set", "sets: { 1st: [10.0.0.1] }", "rules.yaml:1:14: sets.1st: the name of a set has 1 to 15"],
  [
    "bad entries, each at its place",
    set('[10.0.0.1, 10.0.0.1/8, 010.0.0.1, 127.1, 10.0.0.0/33, "2001:db8::1/32", "::g", 300.0.0.1]'),
    "rules.yaml:3:17: sets.s[1]: 10.0.0.1/8 has bits behind its length: the prefix is 10.0.0.0/8",
    'rules.yaml:3:29: sets.s[2]: "010.0.0.1" has a number that begins with 0',
    'rules.yaml:3:40: sets.s[3]: "127.1" is not an address of IPv4: it has 2 of 4 numbers',
    "rules.yaml:3:56: sets.s[4]: the length of a prefix of IPv4 is a number from 0 to 32",
    "rules.yaml:3:61: sets.s[5]: 2001:db8::1/32 has bits behind its length: the prefix is 2001:db8::/32",
    'rules.yaml:3:79: sets.s[6]: "::g" is not an address of IPv6',
    'rules.yaml:3:85: sets.s[7]: "300.0.0.1" is not an address of IPv4',
  ],
  [
    "bad ports",
    set("[80, 90-80, 70000, http]", "port in"),
    'rules.yaml:3:11: sets.s[1]: "90-80" is no range of ports',
    'rules.yaml:3:18: sets.s[2]: "70000" is no port',
    'rules.yaml:3:25: sets.s[3]: "http" is not an address, a prefix, a port',
  ],
  [
    "bad hardware addresses",
    set('["02:00:00:00:00:07", abc]', "ether src in"),
    'rules.yaml:3:28: sets.s[1]: "abc" is not an address, a prefix, a port',
  ],
  [
    "entries of another kind",
    set("{ kind: addresses, entries: [10.0.0.1, 80] }"),
    'rules.yaml:3:45: sets.s.entries[1]: "80" is a port, and the set has addresses',
  ],
  ["a bad moment", rule("from: 2027-01-01"), 'rules.yaml:2:48: rules[0].from: "2027-01-01" is not a moment'],
  ["a day that is not in its month", rule("from: 2027-02-30T00:00:00Z"), 'rules.yaml:2:48: rules[0].from: "2027-02-30'],
  [
    "an end before the beginning",
    rule("from: 2027-01-02T00:00:00Z, until: 2027-01-01T00:00:00Z"),
    "rules.yaml:2:48: rules[0].from: it would end before it begins",
  ],
  ["a bad length of time", rule("ttl: 5"), 'rules.yaml:2:47: rules[0].ttl: "5" is not a length of time'],
  [
    "two ends",
    rule("ttl: 5m, expires: 2027-01-01T00:00:00Z"),
    "rules.yaml:2:60: rules[0].expires: either ttl or expires says",
  ],
  ["a rate without a time", limit("rate: 1000"), 'rules.yaml:2:53: rules[0].action.limit.rate: "1000" is not a rate'],
  [
    "a rate of nothing",
    limit("rate: 0/s"),
    "rules.yaml:2:53: rules[0].action.limit.rate: a rate of nothing is no limit",
  ],
  ["too fast", limit("rate: 2G/s"), "rules.yaml:2:53: rules[0].action.limit.rate: the largest rate is 1G/s"],
  ["too slow", limit("rate: 10bit/s"), "rules.yaml:2:53: rules[0].action.limit.rate: the smallest rate is 1kbit/s"],
  [
    "a burst of something else",
    limit("rate: 10/s, burst: 1Mbit"),
    "rules.yaml:2:66: rules[0].action.limit.burst: the rate is of packets, and so the burst is",
  ],
  [
    "a burst that no frame fits into",
    limit("rate: 1Mbit/s, burst: 100bit"),
    "rules.yaml:2:69: rules[0].action.limit.burst: no frame fits into a burst of less than 480bit",
  ],
  ["a log of bits", log("rate: 1Mbit/s"), "rules.yaml:2:51: rules[0].action.log.rate: packets are logged"],
  ["a log of nothing", log("rate: 0/s"), "rules.yaml:2:51: rules[0].action.log.rate: a rate of nothing is no log"],
  [
    "too much to log",
    log("rate: 20k/s"),
    "rules.yaml:2:51: rules[0].action.log.rate: the largest rate of a log is 10k/s",
  ],
  [
    "a log's bad burst",
    log("rate: 5/s, burst: 1kbyte"),
    "rules.yaml:2:63: rules[0].action.log.burst: the rate is of packets",
  ],
  ["a log of each source", log("rate: 5/s, per: source"), 'rules.yaml:2:56: rules[0].action.log: unknown key "per"'],
  ["a bad key", limit("rate: 5/s, per: host"), 'rules.yaml:2:63: rules[0].action.limit.per: "host" is nothing that'],
  [
    "too long a prefix",
    limit("rate: 5/s, per: source/129"),
    "rules.yaml:2:63: rules[0].action.limit.per: an address of IPv6",
  ],
];

test.each(MISTAKES)("a mistake: %s", (_, text, ...lines) => {
  const found = mistakes(text);
  expect(found.map((line, index) => line.slice(0, lines[index]?.length))).toEqual(lines);
});

test("of many mistakes the first are shown", () => {
  const text = `rules:\n${Array.from({ length: 50 }, () => "  - { name: a, match: tcp or, action: drop }\n").join("")}`;
  const found = mistakes(text);
  expect(found).toHaveLength(21);
  expect(found.at(-1)).toBe("and 79 more");
});

/** A file, and the warnings that it gets. */
const WARNINGS: readonly (readonly [what: string, text: string, ...warnings: string[]])[] = [
  [
    "an expression that was decided for",
    "- { name: a, match: tcp port 80, action: pass }\n- { name: b, match: tcp port http, action: drop }",
    '2:3: the rule "b": it can never match: "a" (rules.yaml:1) decides for all of its frames',
  ],
  ["not after a rule on trial", "- { name: a, match: tcp, action: count }\n- { name: b, match: tcp, action: drop }"],
  [
    "not after a rule for some time",
    "- { name: a, match: tcp, action: drop, ttl: 1h }\n- { name: b, match: tcp, action: pass }",
  ],
  [
    "the same twice",
    "- { name: a, match: tcp, action: log }\n- { name: b, match: tcp, action: log }",
    '2:3: the rule "b": it does the same as "a" (rules.yaml:1), with the same frames',
  ],
  [
    "rules after one for every frame",
    '- { name: a, match: "", action: log }\n- { name: b, match: "", action: drop }\n- { name: c, match: tcp, action: log }',
    '3:3: the rule "c": it can never match: "b" (rules.yaml:2) decides for every frame',
  ],
  [
    "an expression that is never true",
    "- { name: a, match: 1 = 2, action: log }",
    '1:3: the rule "a": it matches no frame: its expression is never true',
  ],
  ...["tcp and udp", "ip and ip6", "tcp and not tcp", "arp and port 80", "less 3 and greater 5"].map(
    (expression) =>
      [
        `${expression}, which is never true`,
        `- { name: a, match: ${expression}, action: log }`,
        '1:3: the rule "a": it matches no frame: its expression is never true',
      ] as const,
  ),
  [
    "a burst that usual frames do not fit into",
    "- { name: a, match: tcp, action: { limit: { rate: 1Mbit/s, burst: 1kbyte } } }",
    '1:3: the rule "a" never lets a frame of more than 1000 bytes through: it does not fit into the burst',
  ],
  ["one that they fit into", "- { name: a, match: tcp, action: { limit: { rate: 1Mbit/s, burst: 1514byte } } }"],
  [
    "a rule that is over",
    "- { name: a, match: tcp, action: log, until: 2020-01-01T00:00:00Z }",
    '1:3: the rule "a" has no effect any more: it ended at 2020-01-01T00:00:00.000Z',
  ],
];

test.each(WARNINGS)("a warning: %s", (_, text, ...warnings) => {
  const { warnings: found } = read(`{ rules: [\n${text.replaceAll(/^- (.*)$/gm, "  $1,")}\n] }`);
  expect(
    found.map(
      ({ line, column, message }) =>
        `${line - 1}:${column}: ${message.replaceAll(/yaml:(\d+)/g, (_all, at) => `yaml:${at - 1}`)}`,
    ),
  ).toEqual(warnings);
});

test("a warning: what is in a set twice, and a set that nobody asks", () => {
  const { warnings } = read("rules: []\nsets:\n  s: [10.0.0.1, 10.0.0.1/32]");
  expect(warnings.map(({ line, message }) => `${line}: ${message}`)).toEqual([
    "1: there are no rules in it",
    "3: no rule asks this set",
    '3: "10.0.0.1/32" is in the set already: entry 1',
  ]);
});
