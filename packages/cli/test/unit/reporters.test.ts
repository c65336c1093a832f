import type { Connection, Sampling } from "@weir/engine";
import { toJson } from "@weir/engine/json";
import { expect, test } from "vitest";
import { accountLines } from "../../src/reporters/account.ts";
import { replayJson } from "../../src/reporters/json.ts";
import { snapshotLines } from "../../src/reporters/lines.ts";
import { sharedWords } from "../../src/reporters/sharing.ts";
import { statusTable } from "../../src/reporters/status-table.ts";
import { plainStyle } from "../../src/text/style.ts";
import { connection, counters, NOW, snapshot } from "./samples.ts";

test("JSON has bigints as numbers with all their digits", () => {
  expect(toJson({ big: 18_446_744_073_709_551_615n, text: "\x1b", time: new Date(0) })).toBe(
    '{"big":18446744073709551615,"text":"\\u001b","time":"1970-01-01T00:00:00.000Z"}',
  );
});

test("JSON of a replay has the shape that the documentation gives", () => {
  const json: unknown = JSON.parse(
    replayJson({
      frames: 1,
      skipped: { tooShort: 2, tooLong: 3 },
      verdicts: { aborted: 0, drop: 0, pass: 1, tx: 0, redirect: 0, other: 0 },
      counters: counters({ frames: 1n }),
      sampling: undefined,
      identity: snapshot().identity,
      connections: [connection()],
      tracked: 1,
    }),
  );
  expect(json).toMatchObject({
    frames: 1,
    skipped: { tooShort: 2, tooLong: 3 },
    verdicts: { pass: 1 },
    counters: { frames: 1 },
  });
  expect(json).toHaveProperty("connections", [
    {
      protocol: { number: 6, name: "tcp" },
      source: "192.0.2.1",
      sourcePort: 43210,
      destination: "198.51.100.20",
      destinationPort: 443,
      packets: 1234,
      bytes: 1_234_567,
      kind: "l4",
    },
  ]);
});

test("lines say when, where and what, with exact numbers", () => {
  const frag = connection({ kind: "frag", protocol: { number: 17, name: "udp" } });
  expect(snapshotLines(snapshot({ connections: [connection(), frag], tracked: 2 }))).toEqual([
    "2026-11-22T12:00:00.500Z eth0 total packets 1238 bytes 1234900 packets/s 12.5 bytes/s 12400.0 connections 2 overflow 0 mode drv",
    "2026-11-22T12:00:00.500Z eth0 tcp 192.0.2.1:43210 > 198.51.100.20:443 packets 1234 bytes 1234567 packets/s 12.0 bytes/s 12345.0",
    "2026-11-22T12:00:00.500Z eth0 udp-frag 192.0.2.1 > 198.51.100.20 packets 1234 bytes 1234567 packets/s 12.0 bytes/s 12345.0",
  ]);
  expect(snapshotLines(snapshot({ attached: false, interface: "\x1b]" }))[0]).toMatch(/ \\u\{1b\}\] total .* removed$/);
});

test("lines mark estimates, and say what is sampled", () => {
  const standardError = { packets: 348.7, bytes: 351_000.25 };
  const sampled = (sampling: Sampling, some: Partial<Connection> = {}) =>
    snapshotLines(snapshot({ sampling, connections: [connection(some)], counters: counters({ sampled_out: 99n }) }));
  const [total, row] = sampled({ by: "packets", rate: 100, budget: undefined }, { standardError });
  expect(total).toMatch(/ overflow 0 sampled 1\/100 sampled-out 99 mode drv$/);
  expect(row).toMatch(/ packets ~1234 ±348.7 bytes ~1234567 ±351000.3 packets\/s ~12.0 bytes\/s ~12345.0$/);
  const budget = { share: 0.05, used: 0.0481, exceeded: false };
  expect(sampled({ by: "packets", rate: 37, budget })[0]).toContain(
    " sampled 1/37 sampled-out 99 budget 5.00% used 4.81%",
  );
  const [flows, exact] = sampled({ by: "flows", rate: 10, connections: 210, standardError: 43.5 });
  expect(flows).toContain(" sampled flow:1/10 sampled-out 99 estimated-connections ~210 ±43.5 mode drv");
  expect(exact).toContain(" packets 1234 bytes 1234567 ");
});

test("status lists what is attached and what was left of interfaces that are gone", () => {
  const look = { columns: 100, style: plainStyle, now: NOW };
  const eth0 = {
    interface: "eth0",
    index: 2,
    mode: "drv",
    by: "link",
    fallback: undefined,
    programId: 12,
    directory: "/sys/fs/bpf/weir/2",
    shared: undefined,
  } as const;
  const gone = { interface: "eth1", index: 3, directory: "/sys/fs/bpf/weir/3", reason: "the interface is gone." };
  const attached = [{ ...eth0, seconds: 185, capacity: 10_240, idle: 60, sample: undefined }] as const;
  expect(statusTable({ attached, unreadable: [], removed: [gone], problems: [] }, look)).toEqual([
    "Removed what was left of eth1: the interface is gone.",
    "INTERFACE  MODE  PROGRAM          UP  CONNECTIONS  IDLE  PINNED IN",
    "eth0       drv        12  3 min 05 s       10,240  60 s  /sys/fs/bpf/weir/2",
  ]);
  expect(
    statusTable(
      {
        attached: [...attached, { ...eth0, seconds: 5, capacity: 100, idle: 0, sample: "flow:1/10" }],
        unreadable: [],
        removed: [],
        problems: [],
      },
      look,
    ),
  ).toEqual([
    "INTERFACE  MODE  PROGRAM          UP  CONNECTIONS   IDLE  SAMPLE     PINNED IN",
    "eth0       drv        12  3 min 05 s       10,240   60 s  all        /sys/fs/bpf/weir/2",
    "eth0       drv        12         5 s          100  never  flow:1/10  /sys/fs/bpf/weir/2",
  ]);
  const by = "netlink" as const;
  const netlink = [{ ...eth0, by, seconds: 5, capacity: 100, idle: 0, sample: undefined }];
  expect(statusTable({ attached: netlink, unreadable: [], removed: [], problems: [] }, look)).toEqual([
    "INTERFACE  MODE  BY       PROGRAM   UP  CONNECTIONS   IDLE  PINNED IN",
    "eth0       drv   netlink       12  5 s          100  never  /sys/fs/bpf/weir/2",
  ]);
  const { fallback: _, ...known } = eth0;
  expect(
    statusTable({ attached: [], unreadable: [{ ...known, version: 9 }], removed: [], problems: [] }, look),
  ).toEqual([
    "eth0: another weir attached program 12 in mode drv by link, with settings of version 9, pinned in /sys/fs/bpf/weir/2.",
  ]);
  expect(statusTable({ attached: [], unreadable: [], removed: [], problems: [] }, look)).toEqual([
    "weir is attached to no interface.",
  ]);
  const problems = [
    { directory: "/sys/fs/bpf/weir/1/3-\x1b", reason: "EBUSY: rmdir\n  Take away what is in the way." },
  ];
  expect(statusTable({ attached: [], unreadable: [], removed: [], problems }, look)).toEqual([
    "Not as it should be in /sys/fs/bpf/weir/1/3-\\u{1b}: EBUSY: rmdir",
    "  Take away what is in the way.",
    "weir is attached to no interface.",
  ]);
  const programs = [
    { name: "first", id: 5, priority: 3 },
    { name: "xdp_packet_monitor", id: 12, priority: 5 },
  ];
  const shared = { dispatcherId: 20, position: 2, programs };
  expect(
    statusTable(
      { attached: [...attached, { ...attached[0], shared }], unreadable: [], removed: [], problems: [] },
      look,
    ),
  ).toEqual([
    "INTERFACE  MODE  PROGRAM          UP  CONNECTIONS  IDLE  PLACE   PINNED IN",
    "eth0       drv        12  3 min 05 s       10,240  60 s  alone   /sys/fs/bpf/weir/2",
    "eth0       drv        12  3 min 05 s       10,240  60 s  2 of 2  /sys/fs/bpf/weir/2",
  ]);
  expect(sharedWords(shared)).toBe("runs as program 2 of 2: first (priority 3), xdp_packet_monitor (priority 5)");
  expect(sharedWords({ dispatcherId: 20, position: 1, programs: programs.slice(1) })).toBe(
    "runs by way of a dispatcher, so that other programs may join it",
  );
});

test("the account is exact at rest and an interval while packets come", () => {
  const { identity } = snapshot();
  expect(accountLines("eth0", identity)).toEqual([
    "eth0: every frame is accounted for.",
    "  1,234 in connections",
    "      4 in no connection by rule (ARP, other EtherTypes, malformed…)",
    "      0 without a place in the table",
    "  1,238 accounted for",
    "  1,238 seen",
  ]);
  const moving = accountLines("eth0", { ...identity, seenBefore: 1230n, exact: false });
  expect(moving.slice(-2)).toEqual(["  1,230 seen before the reading", "  1,238 seen after the reading"]);
  expect(accountLines("eth0", { ...identity, sampledOut: 30_000n }).slice(-3)).toEqual([
    "  30,000 not sampled",
    "  31,238 accounted for",
    "   1,238 seen",
  ]);
  const dropped = { byRule: 1000n, byLimit: 0n, byDefault: 8n };
  expect(accountLines("eth0", { ...identity, passed: 230n, dropped }).slice(-4)).toEqual([
    "  1,238 seen",
    "    230 passed",
    "  1,000 dropped by rules",
    "      8 dropped by default, since no rule decided",
  ]);
  expect(accountLines("eth0", { ...identity, holds: false })[0]).toContain("does NOT balance");
});
