import type { Replay, Snapshot, Steering, SteeringTarget } from "@weir/engine";
import { describe, expect, test } from "vitest";
import type { Look } from "../../src/reporters/look.ts";
import { replayTable, snapshotTable } from "../../src/reporters/table.ts";
import { colourStyle, plainStyle } from "../../src/text/style.ts";
import { visibleLength } from "../../src/text/wrap.ts";
import { connection, counters, MIXED, NOW, snapshot } from "./samples.ts";

const look = (columns: number): Look => ({ columns, style: plainStyle, now: NOW });
const full = {
  frames: 10_000n,
  bytes: 12_345_678n,
  ipv4: 9_990n,
  tcp: 8_000n,
  udp: 1_990n,
  arp: 3n,
  unattributed: 10n,
};

const target = {
  target: 1,
  packets: 1000n,
  bytes: 60_000n,
  packetsPerSecond: 10,
  bytesPerSecond: 600,
  delivered: 1000n,
  dropped: 0n,
  errors: 0n,
  lastError: null,
  outstanding: 0n,
  absent: 0n,
} satisfies SteeringTarget;
const steering: Steering = {
  kind: "cpus",
  passed: { packets: 4n, bytes: 240n },
  redirected: 2000n,
  targets: [target],
  holds: true,
};

describe("the table of an interface", () => {
  test("fits 80 columns without cutting an address", () => {
    const lines = snapshotTable(snapshot({ connections: MIXED, tracked: 50, counters: counters(full) }), look(80));
    expect(lines).toEqual([
      "eth0  drv  up 12 s  50 connections  10,000 packets  12.3 MB  13/s  99.2 kbit/s",
      "IPv4 9,990  IPv6 0  TCP 8,000  UDP 1,990  ARP 3  in no connection by rule 10",
      "",
      "PROTO     SOURCE                 DESTINATION             PACKETS    BYTES   RATE",
      "tcp       192.0.2.1:43210        198.51.100.20:443         1,234  1.23 MB   12/s",
      "udp       [2001:db8::1]:43210    [2001:db8::2]:53           812k  1.23 MB   12/s",
      "udp frag  192.0.2.1              198.51.100.20                 3  4.20 kB   12/s",
      "icmpv6    fe80::1                ff02::16                  1,234  1.23 MB    0/s",
      "tcp       [2001:db8:1234:5678:9abc:def0:1234:5678]:43210   1,234  1.23 MB  0.3/s",
      "          → [2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]:443",
      "… and 45 more connections",
    ]);
    expect(Math.max(...lines.map(visibleLength))).toBeLessThanOrEqual(80);
  });

  test("uses 200 columns for more columns", () => {
    const lines = snapshotTable(snapshot({ connections: MIXED.slice(0, 2) }), look(200));
    expect(lines.slice(3)).toEqual([
      "PROTO  SOURCE               DESTINATION        PACKETS    BYTES  RATE    BANDWIDTH  LAST SEEN",
      "tcp    192.0.2.1:43210      198.51.100.20:443    1,234  1.23 MB  12/s  98.8 kbit/s    2 s ago",
      "udp    [2001:db8::1]:43210  [2001:db8::2]:53      812k  1.23 MB  12/s  98.8 kbit/s    2 s ago",
    ]);
  });

  test("shows what each target of a balancer got, and says in words what was lost", () => {
    const lost = { ...target, target: 2, dropped: 12n, errors: 3n, lastError: "EMSGSIZE", absent: 1n };
    const lines = snapshotTable(snapshot({ steering: { ...steering, targets: [target, lost] } }), look(100));
    expect(lines.slice(2, 11)).toEqual([
      "",
      "CPU  PACKETS    BYTES  DELIVERED  DROPPED  ERRORS  RATE    BANDWIDTH",
      "1      1,000  60.0 kB      1,000        0       0  10/s  4.80 kbit/s",
      "2      1,000  60.0 kB      1,000       12       3  10/s  4.80 kbit/s",
      "passed on without a target: 4 packets, 240 B",
      "12 packets for CPU 2 dropped by the kernel.",
      "3 packets for CPU 2 not redirected (EMSGSIZE).",
      "1 packet for CPU 2 passed on: it is not there any more.",
      "",
    ]);
  });

  test("says what a mirror lacks", () => {
    const less = { ...target, target: "eth1", delivered: 990n, outstanding: 10n };
    const lines = snapshotTable(snapshot({ steering: { ...steering, kind: "mirror", targets: [less] } }), look(100));
    expect(lines).toContain("10 packets for eth1 left out by the kernel, or on their way.");
  });

  test("shows what the kernel does not tell, and verdicts that do not add up", () => {
    const untold = { ...target, target: "eth\u001b1", delivered: null, dropped: null, errors: null };
    const wrong = { ...steering, kind: "devices", targets: [untold], holds: false } as const;
    const lines = snapshotTable(snapshot({ steering: wrong }), look(100));
    expect(lines[4]).toBe("eth\\u{1b}1    1,000  60.0 kB          ?        ?       ?  10/s  4.80 kbit/s");
    expect(lines.join(" ")).toContain("The verdicts do not add up to the frames: a defect of weir");
  });

  test("shows drops where there are any", () => {
    const lines = snapshotTable(snapshot({ connections: [connection({ drops: 5n })] }), look(200));
    expect(lines[3]).toContain("DROPS");
  });

  test("says so when nothing came yet", () => {
    const nothing = snapshot({ connections: [], tracked: 0, counters: counters() });
    expect(snapshotTable(nothing, look(80)).at(-1)).toBe("No connection.");
  });

  test("says in words that the table is full, and what to do", () => {
    const full = snapshot({ counters: counters({ frames: 10_000n, overflow: 1_234n }), capacity: 100 });
    expect(snapshotTable(full, look(80)).join(" ")).toContain(
      "The table is full: 1,234 packets (12.3 %) found no place in it and count in no connection below. Raise --connections (now 100).",
    );
  });

  test("says in words what left the table", () => {
    const aged = snapshot({ evicted: { connections: 1n, packets: 10n, bytes: 1000n } });
    expect(snapshotTable(aged, look(200))).toContain(
      "1 idle connection left the table with 10 packets; the totals keep them.",
    );
  });

  test("marks estimates, with their standard errors, and says what is sampled", () => {
    const standardError = { packets: 123.4, bytes: 24_691 };
    const sampling = { by: "packets", rate: 100, budget: undefined } as const;
    const sampled = snapshot({ sampling, connections: [connection({ standardError })] });
    expect(snapshotTable(sampled, look(200))).toEqual([
      "eth0  drv  up 12 s  1 connection  1,238 packets  1.23 MB  13/s  99.2 kbit/s  sampled 1/100",
      "IPv4 1,234  IPv6 0  TCP 1,234  UDP 0  ARP 4  in no connection by rule 4",
      "",
      "PROTO  SOURCE           DESTINATION             PACKETS            BYTES   RATE     BANDWIDTH  LAST SEEN",
      "tcp    192.0.2.1:43210  198.51.100.20:443  ~1,234 ±10 %  ~1.23 MB ±2.0 %  ~12/s  ~98.8 kbit/s    2 s ago",
    ]);
    const aged = { connections: 1n, packets: 10n, bytes: 1000n, standardError };
    expect(snapshotTable(snapshot({ sampling, evicted: aged }), look(200)).join()).toContain("with ~10 packets");
    const full = counters({ frames: 10_000n, sampled_out: 9_000n, overflow: 100n });
    expect(snapshotTable(snapshot({ sampling, counters: full }), look(200)).join()).toContain("100 packets (10.0 %)");
  });

  test("says how many connections there may be when some are counted", () => {
    const sampling = { by: "flows", rate: 100, connections: 2100, standardError: 456 } as const;
    expect(snapshotTable(snapshot({ sampling, tracked: 21 }), look(200))[0]).toMatch(
      / {2}flows sampled 1\/100: ~2,100 ±456 connections$/,
    );
  });

  test("says what the budget is, what is used, and when it cannot be kept", () => {
    const of = (exceeded: boolean) => {
      const budget = { share: 0.05, used: exceeded ? 0.071 : 0.0483, exceeded };
      return snapshotTable(snapshot({ sampling: { by: "packets", rate: 37, budget } }), look(200)).join("\n");
    };
    expect(of(false)).toContain("sampled 1/37  budget 5.0 %, used 4.8 %\n");
    expect(of(false)).not.toContain("exceeded");
    expect(of(true)).toContain(
      "The budget of 5.0 % is exceeded: counting the totals alone takes 7.1 % of a CPU, and hardly a packet is sampled. Raise --budget.",
    );
  });

  test("says in words that the interface is gone or that the account is wrong", () => {
    const { identity } = snapshot();
    const wrong = snapshot({ attached: false, identity: { ...identity, accounted: 1n, holds: false } });
    const text = snapshotTable(wrong, look(500)).join("\n");
    expect(text).toContain("The interface was removed. These are its last numbers.");
    expect(text).toContain(
      "does not balance: 1238 frames seen, 1 in connections + 4 in none by rule + 0 without a place.",
    );
  });

  test("never sends the escape sequences of a name to the terminal", () => {
    const evil: Snapshot = snapshot({ interface: "\x1b[2J\x07" });
    expect(snapshotTable(evil, look(80))[0]).toMatch(/^\\u\{1b\}\[2J\\u\{7\} {2}drv/);
  });

  test("is coloured without changing its shape", () => {
    const sample = snapshot({ connections: MIXED, tracked: 9 });
    const plain = snapshotTable(sample, look(80));
    const coloured = snapshotTable(sample, { ...look(80), style: colourStyle });
    expect(coloured.join("")).toContain("\x1b[");
    expect(coloured.map(visibleLength)).toEqual(plain.map(visibleLength));
  });
});

test("the table of a replay has verdicts and what was skipped, but no rates", () => {
  const replay: Replay = {
    frames: 5,
    skipped: { tooShort: 1, tooLong: 0 },
    verdicts: { aborted: 0, drop: 1, pass: 4, tx: 0, redirect: 0, other: 0 },
    counters: counters({ frames: 5n, bytes: 500n, ipv4: 5n, tcp: 5n }),
    sampling: undefined,
    identity: snapshot().identity,
    connections: [plainConnection()],
    tracked: 1,
  };
  expect(replayTable(replay, look(80))).toEqual([
    "5 frames  500 B  drop 1  pass 4  1 skipped: shorter than an Ethernet header",
    "IPv4 5  IPv6 0  TCP 5  UDP 0",
    "",
    "PROTO  SOURCE           DESTINATION        PACKETS    BYTES",
    "tcp    192.0.2.1:43210  198.51.100.20:443    1,234  1.23 MB",
  ]);
});

function plainConnection() {
  const { packetsPerSecond: _packets, bytesPerSecond: _bytes, ...plain } = connection();
  return plain;
}

test("a table says that there are rules, what dropped frames, and where the numbers of each are", () => {
  const none = { packets: 5n, bytes: 500n, idle: undefined };
  const rules = {
    ...{ interface: "eth0", file: "rules.yaml", seconds: 12 },
    vlan: "through",
    rules: [{ name: "echo", match: "udp", action: "drop", window: undefined, comment: undefined, ...none }],
    default: { action: "pass", ...none },
  } as const;
  const some = { frames: 30n, bytes: 3000n, ipv4: 30n, udp: 30n, dropped_by_rule: 20n, dropped_by_limit: 7n };
  const lines = snapshotTable(snapshot({ rules, counters: counters(some) }), look(100));
  expect(lines.slice(1, 4)).toEqual([
    "IPv4 30  IPv6 0  TCP 0  UDP 30  dropped by rules 20  dropped above a rate 7",
    "1 rule of rules.yaml, default pass: weir rules list eth0",
    "",
  ]);
});
