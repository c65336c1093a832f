import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { withConfig, withMapSizes } from "@weir/bytecode";
import { compile, formatDiagnostics } from "@weir/compiler";
import { ArrayMap, loadObject, waitForPrograms } from "@weir/kernel";
import { Random, requireRoot } from "@weir/laboratory";
import { SetPage } from "@weir/programs/sets";
import { expect, test } from "vitest";
import { entryOf, Ipv4Set, Ipv6Set } from "../../src/index.ts";
import { Case, Runs } from "../kernel-programs/records.ts";

const MILLISECONDS = 2000;
/** At least. */
const CHANGES = 200;
const seed = Number(process.env.WEIR_TEST_SEED ?? 20_261_129);
const path = (name: string) => fileURLToPath(new URL(`../kernel-programs/${name}`, import.meta.url));

/** What is changed, and what has to stay as it is meanwhile. */
interface Scene {
  readonly family: 4 | 6;
  readonly always: readonly string[];
  readonly never: readonly string[];
  readonly changing: readonly string[];
  build(memory: Uint8Array, always: readonly string[]): { add(entry: string): string; remove(entry: string): string };
}

const options = { random: 0x1234_5678_9abc_def1n, settle: waitForPrograms };

function ipv4(entry: string): number {
  const read = entryOf(entry);
  if (read.kind !== "ipv4") throw new Error(entry);
  return read.prefix;
}

function ipv6(entry: string) {
  const read = entryOf(entry);
  if (read.kind !== "ipv6") throw new Error(entry);
  return read.prefix;
}

const scenes: readonly Scene[] = [
  {
    family: 4,
    // Nets 10.0.0 to 10.0.2 are covered and uncovered as a whole; 10.9.9 has members and others beside what changes.
    always: [
      "10.0.0.5",
      "10.0.0.77",
      "10.0.1.128/25",
      "10.0.2.0/24",
      "10.9.9.0",
      "10.9.9.7",
      "10.9.9.128/30",
      "10.9.9.255",
    ],
    never: ["10.9.9.6", "10.9.9.8", "10.9.9.127", "10.9.9.132", "10.9.8.255", "10.9.10.1", "11.0.0.0"],
    changing: [
      ...[
        "10.0.0.0/13",
        "10.0.0.0/14",
        "10.0.0.0/16",
        "10.0.0.0/23",
        "10.0.0.0/24",
        "10.0.0.0/25",
        "10.0.0.4/31",
        "10.0.0.4/30",
      ],
      ...[
        "10.0.0.9",
        "10.0.0.13",
        "10.0.0.200",
        "10.0.1.0/25",
        "10.0.1.0/24",
        "10.0.2.9",
        "10.0.2.0/23",
        "10.0.2.0/25",
      ],
      ...[
        "10.9.9.1",
        "10.9.9.2/31",
        "10.9.9.9",
        "10.9.9.20/30",
        "10.9.9.64/28",
        "10.9.9.254",
        "10.9.9.0/30",
        "10.9.9.128/31",
      ],
      ...["10.9.12.0/24", "10.9.11.4", "10.9.128.0/17"],
    ],
    build(memory, always) {
      const set = Ipv4Set.build(memory, Float64Array.from(always, ipv4), options);
      if (set === "grow") throw new Error("it has room");
      return { add: (entry) => set.add(ipv4(entry)), remove: (entry) => set.remove(ipv4(entry)) };
    },
  },
  {
    family: 6,
    always: [
      "2001:db8::5",
      "2001:db8:1::/48",
      "2001:db8:ffff::/64",
      "2001:db9::/32",
      "2a00:1:2:3::/64",
      "2a00:1:2:5::1",
    ],
    never: ["2a00:1:2:4::", "2a00:1:2:5::", "2a00:1:2:5::2", "2a00:0:ffff::", "2a00:2::", "2b00::"],
    changing: [
      ...[
        "2001::/16",
        "2001:d00::/24",
        "2001:db8::/31",
        "2001:db8::/32",
        "2001:db8::/48",
        "2001:db8::/64",
        "2001:db8::4/126",
      ],
      ...[
        "2001:db8:0:1::/64",
        "2001:db8:2::/48",
        "2001:db8::6",
        "2001:d80::/25",
        "2001:db9:1::/48",
        "2001:db8:fffe::/48",
      ],
      ...[
        "2a00:1:2:3::1",
        "2a00:1:2:0::/65",
        "2a00:1:3::/48",
        "2a00:1:1::/48",
        "2a00:1:2:6::/64",
        "2a00:3::/32",
        "2a00:1:2:5::3",
      ],
    ],
    build(memory, always) {
      const numbers = Uint32Array.from(always.flatMap((entry) => [...ipv6(entry).words, ipv6(entry).length]));
      const set = Ipv6Set.build(memory, numbers, options);
      if (set === "grow") throw new Error("it has room");
      return { add: (entry) => set.add(ipv6(entry)), remove: (entry) => set.remove(ipv6(entry)) };
    },
  },
];

const words = (entry: string, family: 4 | 6): readonly [high: bigint, low: bigint] => {
  if (family === 4) return [0n, BigInt(Math.floor(ipv4(entry) / 64))];
  const [a, b, c, d] = ipv6(entry).words.map(BigInt);
  return [((a ?? 0n) << 32n) | (b ?? 0n), ((c ?? 0n) << 32n) | (d ?? 0n)];
};

test.skipIf(requireRoot()).each(scenes)(
  "IPv$family: a program that runs meanwhile finds what is in the set all the time, and nothing that never is",
  async ({ family, always, never, changing, build }) => {
    const { object: compiled, diagnostics } = compile(path("constant-members.bpf.ts"));
    if (compiled === undefined) throw new Error(formatDiagnostics(diagnostics));
    const entries = [...always, ...never];
    // Little room, so that pieces of memory are soon used again.
    const sizes = { IPV4_SET: Ipv4Set.pagesFor(100), IPV6_SET: Ipv6Set.pagesFor(400) };
    using object = loadObject(withMapSizes(withConfig(compiled, { family, cases: entries.length }), sizes));
    using memory = ArrayMap.of(object.map(`IPV${family}_SET`), { value: SetPage }).memory({ writable: true });
    const set = build(new Uint8Array(memory.buffer), always);
    using cases = ArrayMap.of(object.map("MEMBERS"), { value: Case });
    for (const [index, entry] of entries.entries()) {
      const [high, low] = words(entry, family);
      cases.set(index, { high, low, isMember: Number(index < always.length), wrong: 0 });
    }
    const found = object.program("check");
    if (found.kind === "not found") throw new Error("no program");
    const arguments_ = [String(found.program.info().id)];
    const runner = fork(path("run-on.ts"), arguments_, { execArgv: ["--conditions=source"] });
    try {
      await once(runner, "message");
      using runs = ArrayMap.of(object.map("RUNS"), { value: Runs });
      const before = runs.get(0)?.count ?? 0n;
      const random = new Random(seed);
      const present = new Set<string>();
      let changes = 0;
      // A change that waits for programs takes longer where others have the processors.
      for (const end = performance.now() + MILLISECONDS; performance.now() < end || changes < CHANGES; changes++) {
        const entry = changing[random.below(changing.length)] ?? "";
        if (present.delete(entry)) {
          expect(set.remove(entry), entry).toBe("removed");
        } else {
          expect(set.add(entry), entry).toBe("added");
          present.add(entry);
        }
      }
      const count = (runs.get(0)?.count ?? 0n) - before;
      const wrong = entries.flatMap((entry, index) => (cases.get(index)?.wrong ? [entry] : []));
      expect(wrong, `seed ${seed}`).toEqual([]);
      expect(count).toBeGreaterThan(100_000n);
    } finally {
      runner.kill("SIGKILL");
      await once(runner, "exit");
    }
  },
);
