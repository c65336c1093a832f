import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { BtfBuilder, btfOfLayout, type MapSpec } from "@weir/bytecode";
import { struct, u32, u64 } from "@weir/bytecode/layout";
import { ArrayMap, BpfMap, loadObject, PerCpuArrayMap } from "@weir/kernel";
import { requireRoot } from "@weir/laboratory";
import { Stats } from "@weir/programs";
import { describe, expect, test } from "vitest";
import { nativeCalls, replaceNativeCalls } from "../../../kernel/src/native/current-calls.ts";
import { attach, check, detach, stats, status } from "../../src/index.ts";
import { generationDirectory } from "../../src/pinned/generation.ts";
import { outputOf, startEngine } from "./engine-process.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const code = (value: string): unknown => expect.objectContaining({ code: value });

/** The pins of a monitor, with the directories in its own. */
function pinsIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true }).map(String).sort();
}

const INDEX = ["XDP_CONN6_INDEX", "XDP_CONN_INDEX"];
const MAPS = ["STATS", "XDP_CONN6_STATS", "XDP_CONN_STATS", "settings", "types"];
const generation = (id: number, extra: readonly string[] = []): string[] => [
  `program-${id}`,
  ...[...MAPS, ...INDEX, ...extra].map((name) => `program-${id}/${name}`).sort(),
];

function udpOf(veth: WatchedVeth): bigint {
  const { counters, identity } = veth.inside(() => stats(veth.name));
  expect(identity.holds).toBe(true);
  return counters.udp;
}

describe.skipIf(requireRoot())("a replacement", () => {
  test("keeps what was counted, and the settings that are not given", () => {
    using veth = watchedVeth();
    const first = veth.inside(() => attach(veth.name, { connections: 100, idle: 300 }));
    veth.send(7);
    const second = veth.inside(() => attach(veth.name, { replace: true }));
    expect(second).toMatchObject({ mode: "drv", by: "link", capacity: 100, idle: 300, directory: first.directory });
    expect(second.programId).not.toBe(first.programId);
    expect(second.seconds).toBeGreaterThan(first.seconds);
    expect(udpOf(veth)).toBe(7n);
    veth.send(5);
    const { connections, counters } = veth.inside(() => stats(veth.name));
    expect(counters.udp).toBe(12n);
    expect(connections).toMatchObject([{ packets: 12n }]);
    expect(pinsIn(first.directory)).toEqual(["link", ...generation(second.programId)]);
    expect(veth.inside(() => attach(veth.name, { replace: true, idle: 0 }))).toMatchObject({ capacity: 100, idle: 0 });
    expect(veth.inside(status).attached).toMatchObject([{ idle: 0 }]);
    veth.inside(() => detach(veth.name));
    expect(existsSync(first.directory)).toBe(false);
  });

  test("attaches where nothing is attached", () => {
    using veth = watchedVeth();
    expect(veth.inside(() => attach(veth.name, { replace: true, connections: 50 }))).toMatchObject({ capacity: 50 });
    veth.inside(() => detach(veth.name));
  });

  test("is refused for another layout, which it names, and nothing changes", () => {
    using veth = watchedVeth();
    const { programId, directory } = veth.inside(() => attach(veth.name, { connections: 100 }));
    const replace = () => veth.inside(() => attach(veth.name, { replace: true, connections: 200 }));
    expect(replace).toThrow(code("WEIR_LAYOUT"));
    expect(replace).toThrow("have another layout: room for 100 connections, not for 200\n  Carry the numbers over");
    const sampled = () => veth.inside(() => attach(veth.name, { replace: true, sample: "1/10" }));
    expect(sampled).toThrow("no map XDP_SAMPLES; no map XDP_SAMPLES6");
    expect(veth.inside(status).attached).toMatchObject([{ programId, capacity: 100 }]);
    expect(pinsIn(directory)).toEqual(["link", ...generation(programId)]);
    veth.inside(() => detach(veth.name));
  });

  test.each([
    ["another mode", { mode: "skb" }, "in mode drv, which a replacement keeps"],
    ["another way of attaching", { by: "netlink" }, "by link, which a replacement keeps"],
    ["a place among several", { shared: true }, "by link, which a replacement keeps"],
    ["another place among several", { priority: 10 }, "by link, which a replacement keeps"],
  ] as const)("is refused for %s", (_, options, words) => {
    using veth = watchedVeth();
    veth.inside(() => attach(veth.name, { mode: "drv" }));
    const replace = () => veth.inside(() => attach(veth.name, { replace: true, ...options }));
    expect(replace).toThrow(code("WEIR_OPTION"));
    expect(replace).toThrow(words);
    veth.inside(() => detach(veth.name));
  });

  test("changes the rate of samples, also to all, and not what is sampled", () => {
    using veth = watchedVeth();
    veth.inside(() => attach(veth.name, { sample: "1/4" }));
    veth.send(100);
    const before = veth.inside(() => stats(veth.name));
    veth.inside(() => attach(veth.name, { replace: true, sample: "1/1" }));
    veth.send(50);
    const { connectionTotals, counters, sampling, identity } = veth.inside(() => stats(veth.name));
    expect(sampling).toMatchObject({ by: "packets", rate: 1 });
    expect(counters.udp).toBe(150n);
    expect(counters.sampled_out).toBe(before.counters.sampled_out);
    expect(connectionTotals.packets).toBe(before.connectionTotals.packets + 50n);
    expect(identity.holds).toBe(true);
    const flows = () => veth.inside(() => attach(veth.name, { migrate: true, sample: "flow:1/2" }));
    expect(flows).toThrow("what is counted of 1/1 cannot go on as counts of flow:1/2");
    veth.inside(() => detach(veth.name));
  });

  test("waits for another one", async () => {
    using veth = watchedVeth();
    veth.inside(() => attach(veth.name, { idle: 0 }));
    veth.send(2);
    const script = `
      const ids = [];
      for (let round = 0; round < 5; round++) ids.push(engine.attach("${veth.name}", { replace: true }).programId);
      process.stdout.write(ids.join(" "));`;
    const outputs = await Promise.all([1, 2, 3].map(() => outputOf(startEngine(veth.receiver, script))));
    const ids = outputs.flatMap((output) => output.split(" ").map(Number));
    expect(new Set(ids).size).toBe(15);
    const [monitor] = veth.inside(status).attached;
    expect(ids).toContain(monitor?.programId);
    expect(pinsIn(monitor?.directory ?? "")).toEqual(["link", ...generation(monitor?.programId ?? 0)]);
    expect(udpOf(veth)).toBe(2n);
    veth.inside(() => detach(veth.name));
  });

  test("removes what a killed one left", () => {
    using veth = watchedVeth();
    const { directory, programId } = veth.inside(() => attach(veth.name));
    mkdirSync(join(directory, "program-4000000000", "carried-0"), { recursive: true });
    veth.inside(status);
    expect(pinsIn(directory)).toEqual(["link", ...generation(programId)]);
    veth.inside(() => detach(veth.name));
  });
});

describe.skipIf(requireRoot())("a migration", () => {
  test("carries the numbers over, again and again", () => {
    using veth = watchedVeth();
    veth.inside(() => attach(veth.name, { connections: 100, idle: 0 }));
    let sent = 0n;
    for (const connections of [200, 50, 300, 400]) {
      veth.send(3);
      sent += 3n;
      const { programId, directory } = veth.inside(() => attach(veth.name, { migrate: true, connections }));
      // However often, there are two sets at most: the maps of the last program, and what was carried before.
      const sets = readdirSync(generationDirectory(directory, programId)).filter((name) => name.startsWith("carried"));
      expect(sets).toHaveLength(Math.min(Number(sent / 3n), 2));
      expect(udpOf(veth)).toBe(sent);
    }
    veth.send(2);
    const { connections, counters, capacity, tracked } = veth.inside(() => stats(veth.name));
    expect(counters.udp).toBe(14n);
    expect(connections).toMatchObject([{ packets: 14n }]);
    expect([capacity, tracked]).toEqual([400, 1]);
    // What was carried over stays, also when the program is replaced on the same maps.
    veth.inside(() => attach(veth.name, { replace: true }));
    expect(udpOf(veth)).toBe(14n);
    expect(veth.inside(() => check(veth.name))).toMatchObject({ holds: true, exact: true });
    const { directory } = veth.inside(() => detach(veth.name));
    expect(existsSync(directory)).toBe(false);
  });

  test("lets exact counts go on as estimates", () => {
    using veth = watchedVeth();
    veth.inside(() => attach(veth.name, { idle: 0 }));
    veth.send(40);
    veth.inside(() => attach(veth.name, { migrate: true, sample: "1/4" }));
    const exact = veth.inside(() => stats(veth.name));
    expect(exact.connections).toMatchObject([{ packets: 40n, standardError: { packets: 0 } }]);
    veth.send(200);
    const { connections, counters, identity } = veth.inside(() => stats(veth.name));
    expect(counters.udp).toBe(240n);
    expect(identity).toMatchObject({ holds: true, exact: true });
    expect(connections[0]?.standardError?.packets).toBeGreaterThan(0);
    for (const capacity of [100, 200, 300])
      veth.inside(() => attach(veth.name, { migrate: true, connections: capacity }));
    const carried = veth.inside(() => stats(veth.name));
    expect(carried.connections).toMatchObject([
      { packets: connections[0]?.packets, bytes: connections[0]?.bytes, lastSeen: connections[0]?.lastSeen },
    ]);
    expect(carried.connections[0]?.standardError).toEqual(connections[0]?.standardError);
    expect(carried.counters).toEqual(counters);
    expect(carried.identity).toMatchObject({ holds: true, exact: true });
    veth.inside(() => detach(veth.name));
  });
});

describe.skipIf(requireRoot())("a migration of sampled connections", () => {
  const FLOWS = 64;

  test("goes on with the same ones", () => {
    using veth = watchedVeth();
    veth.inside(() => attach(veth.name, { sample: "flow:1/4", idle: 0 }));
    veth.send(1, 8, FLOWS);
    const sampled = () =>
      veth.inside(() => stats(veth.name)).connections.map(({ sourcePort, packets }) => [sourcePort, packets]);
    const before = sampled();
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(FLOWS);
    for (const connections of [100, 200]) {
      veth.inside(() => attach(veth.name, { migrate: true, connections }));
      veth.send(1, 8, FLOWS);
    }
    expect(sampled().sort()).toEqual(before.map(([port]) => [port, 3n]).sort());
    expect(veth.inside(() => check(veth.name))).toMatchObject({ holds: true, exact: true });
    veth.inside(() => detach(veth.name));
  });

  test("is refused where it is not known which they were", () => {
    using veth = watchedVeth();
    const { directory, programId } = veth.inside(() => attach(veth.name, { sample: "flow:1/4", connections: 100 }));
    const settings = join(generationDirectory(directory, programId), "settings");
    unlinkSync(settings);
    pinFirstSettings(settings, 0, { rate: 4, byFlows: true });
    const migrate = () => veth.inside(() => attach(veth.name, { migrate: true }));
    expect(migrate).toThrow(code("WEIR_LAYOUT"));
    expect(migrate).toThrow(
      "cannot be carried over (the factors of the hash, which chose the connections, were not kept)",
    );
    veth.inside(() => detach(veth.name));
  });
});

describe.skipIf(requireRoot())("what is read while the program is replaced", () => {
  const BPF_OBJ_GET = 7;

  /** Does something after the so many-th pin was opened; false when there were fewer. */
  function after(count: number, act: () => void, read: () => void): boolean {
    const calls = nativeCalls();
    let opened = 0;
    using _ = replaceNativeCalls({
      ...calls,
      bpf(command, ...words) {
        const result = calls.bpf(command, ...words);
        if (command === BPF_OBJ_GET && ++opened === count) {
          using _real = replaceNativeCalls(calls);
          act();
        }
        return result;
      },
    });
    read();
    return opened >= count;
  }

  test.each(["link", "netlink"] as const)("has all that was counted, at every step, by %s", (by) => {
    using veth = watchedVeth();
    veth.inside(() => attach(veth.name, { by, idle: 0, connections: 100 }));
    veth.send(3);
    veth.inside(() => attach(veth.name, { migrate: true, connections: 101 }));
    veth.send(2);
    for (let count = 1; ; count++) {
      const migrate = () => void attach(veth.name, { migrate: true, connections: 101 + count });
      const found: bigint[] = [];
      const read = () => void found.push(stats(veth.name).counters.udp);
      const isDone = !veth.inside(() => after(count, migrate, read));
      expect(found, `replaced after ${count} pins`).toEqual([5n]);
      if (isDone) break;
    }
    veth.inside(() => detach(veth.name));
  });

  test("is not waited for without end", () => {
    using veth = watchedVeth();
    veth.inside(() => attach(veth.name, { idle: 0 }));
    let opened = 0;
    const calls = nativeCalls();
    using _ = replaceNativeCalls({
      ...calls,
      bpf(command, ...words) {
        const result = calls.bpf(command, ...words);
        if (command !== BPF_OBJ_GET) return result;
        // At each attempt the link is opened, then the settings.
        using _real = replaceNativeCalls(calls);
        if (++opened % 2 === 0) attach(veth.name, { replace: true });
        return result;
      },
    });
    expect(() => veth.inside(() => stats(veth.name))).toThrow(code("WEIR_BUSY"));
    {
      using _real = replaceNativeCalls(calls);
      veth.inside(() => detach(veth.name));
    }
  });
});

/** What the first version of weir pinned: no version, nothing that a program for the same maps needs, and all beside the link. */
const FirstSettings = struct({
  idle_ns: u64,
  attached_at_ns: u64,
  connections: u32,
  sample_rate: u32,
  sample_flows: u32,
  version: u32,
});

const ARRAY = { type: "array", keySize: 4, maxEntries: 1, flags: 0, keyType: 0, valueType: 0 } as const;

/** The counters of another version: without some that this one has, with one that this one lacks, and in another order. */
const OtherStats = struct(
  Object.fromEntries(
    ["retired", ...Stats.fields.map(({ name }) => name).filter((name) => name !== "udp_bytes")]
      .reverse()
      .concat(["retired_bytes", "retired_more"])
      .map((name) => [name, u64]),
  ),
);

function pinOtherStats(path: string, parts: readonly Readonly<Record<string, bigint>>[]): void {
  const btf = new BtfBuilder();
  const keyType = btfOfLayout(btf, u32, "");
  const valueType = btfOfLayout(btf, OtherStats, "Stats");
  const spec: MapSpec = {
    ...{ name: "STATS", type: "per-cpu-array", keySize: 4, valueSize: OtherStats.size, maxEntries: 1, flags: 0 },
    ...{ keyType, valueType },
  };
  const maps = new Map([[spec.name, spec]]);
  using object = loadObject({ license: "GPL", maps, programs: new Map(), configs: new Map(), btf: btf.build() });
  using stats = PerCpuArrayMap.of(object.map("STATS"), { value: OtherStats });
  const other = (part: Readonly<Record<string, bigint>>) =>
    Object.fromEntries(OtherStats.fields.map(({ name }) => [name, part[name] ?? 12_345n]));
  stats.set(0, parts.map(other));
  unlinkSync(path);
  object.map("STATS").pin(path);
}

function pinFirstSettings(path: string, version: number, { rate = 0, byFlows = false } = {}): void {
  using map = BpfMap.create({ ...ARRAY, name: "weir_settings", valueSize: FirstSettings.size });
  using settings = ArrayMap.of(map, { value: FirstSettings });
  const [idle_ns, attached_at_ns] = [0n, process.hrtime.bigint()];
  const sample = { sample_rate: rate, sample_flows: Number(byFlows) };
  settings.set(0, { idle_ns, attached_at_ns, connections: 100, ...sample, version });
  map.pin(path);
}

describe.skipIf(requireRoot())("pins of another version of weir", () => {
  test("of the first one are read, and carried over into this one's form", () => {
    using veth = watchedVeth();
    const { directory, programId } = veth.inside(() => attach(veth.name, { connections: 100, idle: 0 }));
    veth.send(4);
    const pins = generationDirectory(directory, programId);
    for (const name of MAPS.slice(0, 3)) renameSync(join(pins, name), join(directory, name));
    for (const name of ["settings", "types", ...INDEX]) unlinkSync(join(pins, name));
    rmdirSync(pins);
    pinFirstSettings(join(directory, "settings"), 0);
    expect(veth.inside(status)).toMatchObject({ attached: [{ programId, capacity: 100, idle: 0 }], unreadable: [] });
    expect(udpOf(veth)).toBe(4n);
    const replace = () => veth.inside(() => attach(veth.name, { replace: true }));
    expect(replace).toThrow("they come from a version of weir that did not keep the factors of their hash");
    const migrated = veth.inside(() => attach(veth.name, { migrate: true }));
    expect(migrated).toMatchObject({ capacity: 100, idle: 0 });
    veth.send(3);
    expect(udpOf(veth)).toBe(7n);
    expect(readdirSync(directory).sort()).toEqual(["link", `program-${migrated.programId}`]);
    veth.inside(() => detach(veth.name));
    expect(existsSync(directory)).toBe(false);
  });

  test("of one that had no index of connections are read, and carried over", () => {
    using veth = watchedVeth();
    const { directory, programId } = veth.inside(() => attach(veth.name, { connections: 100, idle: 0 }));
    veth.send(4);
    const pins = generationDirectory(directory, programId);
    for (const name of INDEX) unlinkSync(join(pins, name));
    expect(udpOf(veth)).toBe(4n);
    const replace = () => veth.inside(() => attach(veth.name, { replace: true }));
    expect(replace).toThrow("no map XDP_CONN_INDEX");
    veth.inside(() => attach(veth.name, { migrate: true }));
    veth.send(3);
    expect(udpOf(veth)).toBe(7n);
    expect(veth.inside(() => stats(veth.name)).connections).toMatchObject([{ packets: 7n }]);
    veth.inside(() => detach(veth.name));
  });

  test("with fewer counters, in another order, are read by their names, and carried over", () => {
    using veth = watchedVeth();
    const { directory, programId } = veth.inside(() => attach(veth.name, { idle: 0 }));
    veth.send(4);
    const before = veth.inside(() => stats(veth.name)).counters;
    const pin = join(generationDirectory(directory, programId), "STATS");
    using map = BpfMap.open(pin);
    using counted = PerCpuArrayMap.of(map, { value: Stats });
    pinOtherStats(pin, counted.at(0));
    expect(veth.inside(() => stats(veth.name)).counters).toEqual({ ...before, udp_bytes: 0n });
    const replace = () => veth.inside(() => attach(veth.name, { replace: true }));
    expect(replace).toThrow(`STATS has records of ${OtherStats.size} bytes, not ${Stats.size}`);
    for (const connections of [100, 200, 300]) veth.inside(() => attach(veth.name, { migrate: true, connections }));
    veth.send(1);
    const { counters, connections, identity } = veth.inside(() => stats(veth.name));
    expect(counters).toMatchObject({ udp: 5n, frames: before.frames + 1n });
    expect(counters.udp_bytes).toBe(before.udp_bytes / 4n);
    expect(connections).toMatchObject([{ packets: 5n }]);
    expect(identity).toMatchObject({ holds: true, exact: true });
    veth.inside(() => detach(veth.name));
  });

  test("with tables of another form are listed, not read, not carried over, and detached", () => {
    using veth = watchedVeth();
    const { directory, programId } = veth.inside(() => attach(veth.name, { mode: "drv" }));
    const pin = join(generationDirectory(directory, programId), "XDP_CONN_STATS");
    unlinkSync(pin);
    using map = BpfMap.create({ ...ARRAY, name: "XDP_CONN_STATS", valueSize: 56 });
    map.pin(pin);
    expect(veth.inside(status).attached).toMatchObject([{ programId }]);
    expect(() => veth.inside(() => stats(veth.name))).toThrow(code("WEIR_VERSION"));
    expect(() => veth.inside(() => stats(veth.name))).toThrow("with tables of another form (value size is 48");
    const migrate = () => veth.inside(() => attach(veth.name, { migrate: true }));
    expect(migrate).toThrow("The numbers cannot be carried over (XDP_CONN_STATS has records of 56 bytes, not 48)");
    veth.inside(() => detach(veth.name));
    expect(existsSync(directory)).toBe(false);
  });

  test.each([
    ["a version that is not known", 9, "with settings of version 9"],
    ["no settings where they are looked for", undefined, "with settings of a version that it does not name"],
  ])("with %s are listed, not read, and detached", (_, version, words) => {
    using veth = watchedVeth();
    const { directory, programId, index } = veth.inside(() => attach(veth.name, { mode: "drv" }));
    const settings = join(generationDirectory(directory, programId), "settings");
    unlinkSync(settings);
    if (version !== undefined) pinFirstSettings(settings, version);
    const known = { interface: veth.name, index, mode: "drv", by: "link", programId, directory };
    expect(veth.inside(status)).toMatchObject({ attached: [], unreadable: [{ ...known, version }] });
    const acts: (() => unknown)[] = [
      () => stats(veth.name),
      () => check(veth.name),
      () => attach(veth.name, { replace: true }),
      () => attach(veth.name, { migrate: true }),
    ];
    for (const act of acts) {
      expect(() => veth.inside(act)).toThrow(code("WEIR_VERSION"));
      expect(() => veth.inside(act)).toThrow(words);
    }
    expect(veth.inside(() => detach(veth.name))).toMatchObject({ programId });
    expect(existsSync(directory)).toBe(false);
    expect(veth.receiver.run("ip", ["link", "show", veth.name])).not.toContain("xdp");
  });
});
