import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachXdp, extensionRefusal, findInterface, loadObject } from "@weir/kernel";
import { NetworkNamespace, Random, requireRoot, requireTool } from "@weir/laboratory";
import { monitorObject } from "@weir/programs";
import { describe, expect, onTestFinished, test } from "vitest";
import { readCapture } from "../../src/captures/capture.ts";
import { attach, capture, check, detach, type Monitor, stats, status, watch } from "../../src/index.ts";
import { ownProgram } from "../../src/own-program.ts";
import { startedEngine } from "./engine-process.ts";
import { Neighbours } from "./neighbours.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const FOLDER = "/sys/fs/bpf/xdp";
const MONITOR = "xdp_packet_monitor";
const missing = requireRoot() ?? requireTool("ip", "nsenter", "clang", "xdp-loader");
const refusal = missing === undefined ? extensionRefusal() : undefined;
const because = refusal === undefined ? "" : ` (not here: ${refusal.answer})`;

const code = (value: string): unknown => expect.objectContaining({ code: value });
const names = (neighbours: Neighbours): string[] => neighbours.list().map(({ name }) => name);
const udp = (monitor: Monitor): bigint | undefined => monitor.snapshot()[0]?.counters.udp;
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Dispatchers of the interface that are pinned. */
function pinned({ receiver, name }: WatchedVeth): string[] {
  const index = JSON.parse(receiver.run("ip", ["-json", "link", "show", name]))[0].ifindex;
  return existsSync(FOLDER) ? readdirSync(FOLDER).filter((each) => each.startsWith(`dispatch-${index}-`)) : [];
}

describe.skipIf(missing ?? refusal !== undefined)(`beside other programs${because}`, () => {
  test("weir joins the program of xdp-loader, counts, and leaves", () => {
    using veth = watchedVeth();
    using neighbours = new Neighbours(veth);
    neighbours.load("last");
    using monitor = veth.inside(() => watch(veth.name));
    const [watched] = monitor.interfaces;
    expect(watched).toMatchObject({
      mode: "drv",
      shared: {
        position: 1,
        programs: [
          { name: MONITOR, priority: 5, id: watched?.programId },
          { name: "last", priority: 60 },
        ],
      },
    });
    expect(neighbours.list()).toMatchObject([
      { name: MONITOR, priority: 5, id: watched?.programId },
      { name: "last", priority: 60 },
    ]);
    veth.send(20);
    const seen = neighbours.seen("last");
    expect(udp(monitor)).toBe(20n);
    expect(monitor.snapshot()[0]).toMatchObject({ attached: true, identity: { holds: true } });
    expect(monitor.snapshot()[0]?.counters.frames).toBe(seen);
    monitor.close();
    expect(names(neighbours)).toEqual(["last"]);
    expect(pinned(veth)).toHaveLength(1);
    veth.send(5);
    expect(neighbours.seen("last")).toBeGreaterThanOrEqual(seen + 5n);
  });

  test("weir behind another program does not see what that drops, and says so", () => {
    using veth = watchedVeth();
    using neighbours = new Neighbours(veth);
    neighbours.load("first");
    using monitor = veth.inside(() => watch(veth.name));
    const [watched] = monitor.interfaces;
    expect(watched?.shared?.position).toBe(2);
    expect(watched?.warnings).toEqual([
      "first (priority 3) runs before weir: packets that it does not pass are not counted. --priority 2 or lower counts them.",
    ]);
    using all = veth.inside(() => watch(veth.name, { priority: 2 }));
    expect(names(neighbours)).toEqual([MONITOR, "first", MONITOR]);
    veth.send(7);
    veth.send(9, 100);
    expect(neighbours.seen("first")).toBeGreaterThanOrEqual(16n);
    expect([udp(all), udp(monitor)]).toEqual([16n, 7n]);
    all.close();
    expect(names(neighbours)).toEqual(["first", MONITOR]);
    expect(monitor.attached).toBe(true);
    monitor.close();
    expect(names(neighbours)).toEqual(["first"]);
  });

  test("programs of xdp-loader join weir, and leave", () => {
    using veth = watchedVeth();
    using neighbours = new Neighbours(veth);
    using monitor = veth.inside(() => watch(veth.name, { shared: true }));
    expect(monitor.interfaces[0]?.shared).toMatchObject({ position: 1, programs: [{ name: MONITOR }] });
    veth.send(3);
    neighbours.load("last");
    expect(names(neighbours)).toEqual([MONITOR, "last"]);
    veth.send(4);
    expect(neighbours.seen("last")).toBeGreaterThanOrEqual(4n);
    neighbours.load("first");
    expect(names(neighbours)).toEqual(["first", MONITOR, "last"]);
    veth.send(5);
    expect(udp(monitor)).toBe(12n);
    neighbours.unload("last");
    neighbours.unload("first");
    expect(names(neighbours)).toEqual([MONITOR]);
    veth.send(6);
    expect(udp(monitor)).toBe(18n);
    expect(monitor.attached).toBe(true);
    monitor.close();
    expect(veth.inside(() => findInterface(veth.name).xdp)).toEqual([]);
    expect(pinned(veth)).toEqual([]);
  });

  test("no packet is unseen or counted twice while programs come and go", async () => {
    using veth = watchedVeth();
    using neighbours = new Neighbours(veth);
    using monitor = veth.inside(() => watch(veth.name, { shared: true }));
    const stop = await veth.startSending();
    neighbours.load("last");
    const second = veth.inside(() => watch(veth.name, { priority: 55 }));
    neighbours.load("first");
    expect(names(neighbours)).toEqual(["first", MONITOR, MONITOR, "last"]);
    second.close();
    neighbours.unload("last");
    const between = udp(monitor);
    neighbours.unload("first");
    const sent = await stop();
    expect(between).toBeGreaterThan(0n);
    expect(udp(monitor)).toBe(sent);
    expect(monitor.snapshot()[0]?.identity).toMatchObject({ holds: true, exact: true });
  });

  test("a capture joins, has what its neighbours have, and leaves", async () => {
    using veth = watchedVeth();
    using neighbours = new Neighbours(veth);
    neighbours.load("last");
    using monitor = veth.inside(() => watch(veth.name));
    const folder = mkdtempSync(join(tmpdir(), "weir-capture-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const output = join(folder, "out.pcapng");
    using running = veth.inside(() => capture(veth.name, { output }));
    expect(running.interface).toMatchObject({
      shared: { position: 1, programs: [{ name: "xdp_packet_capture" }, { name: MONITOR }, { name: "last" }] },
      warnings: [],
    });
    const result = running.run();
    veth.send(20, 100);
    running.close();
    expect(await result).toMatchObject({ lost: 0n });
    const lengths = Array.from(readCapture(output), ({ bytes }) => bytes.length);
    expect(lengths.filter((length) => length === 142)).toHaveLength(20);
    expect(udp(monitor)).toBe(20n);
    expect(names(neighbours)).toEqual([MONITOR, "last"]);
    expect(pinned(veth)).toHaveLength(1);
    using behind = veth.inside(() => capture(veth.name, { output, priority: 90 }));
    expect(behind.interface.warnings).toEqual([
      expect.stringMatching(/not captured\. --priority 4 or lower captures them\.$/),
    ]);
    behind.close();
    expect(names(neighbours)).toEqual([MONITOR, "last"]);
  });

  test("a pinned monitor shares, is found with its place, and leaves", () => {
    using veth = watchedVeth();
    using neighbours = new Neighbours(veth);
    neighbours.load("last");
    const attached = veth.inside(() => attach(veth.name));
    expect(attached.shared).toMatchObject({ position: 1, programs: [{ name: MONITOR }, { name: "last" }] });
    expect(() => veth.inside(() => attach(veth.name))).toThrow(code("WEIR_ALREADY_ATTACHED"));
    neighbours.load("first");
    veth.send(6);
    expect(veth.inside(() => stats(veth.name)).counters.udp).toBe(6n);
    expect(veth.inside(() => check(veth.name)).holds).toBe(true);
    expect(veth.inside(status).attached).toMatchObject([
      { interface: veth.name, mode: "drv", programId: attached.programId, shared: { position: 2 } },
    ]);
    expect(veth.inside(() => detach(veth.name))).toMatchObject({ programId: attached.programId });
    expect(names(neighbours)).toEqual(["first", "last"]);
    expect(pinned(veth)).toHaveLength(1);
    expect(existsSync(attached.directory)).toBe(false);
  });

  test("a pinned monitor is replaced in its place, with what it counted, and no packet is unseen or counted twice", async () => {
    using veth = watchedVeth();
    using neighbours = new Neighbours(veth);
    neighbours.load("first");
    neighbours.load("last");
    const before = veth.inside(() => attach(veth.name, { connections: 100 }));
    veth.send(6);
    const stop = await veth.startSending();
    const after = veth.inside(() => attach(veth.name, { replace: true, idle: 300 }));
    const migrated = veth.inside(() => attach(veth.name, { migrate: true, connections: 200 }));
    const sent = await stop();
    expect(after).toMatchObject({ by: "dispatcher", capacity: 100, idle: 300, shared: { position: 2 } });
    expect(migrated).toMatchObject({ by: "dispatcher", capacity: 200, idle: 300, directory: before.directory });
    expect(new Set([before, after, migrated].map(({ programId }) => programId)).size).toBe(3);
    expect(neighbours.list()).toMatchObject([{ name: "first" }, { id: migrated.programId }, { name: "last" }]);
    const { counters, identity } = veth.inside(() => stats(veth.name));
    expect([counters.udp, identity.holds]).toEqual([sent + 6n, true]);
    expect(neighbours.seen("last")).toBeGreaterThanOrEqual(sent + 6n);
    expect(readdirSync(before.directory)).toEqual([`program-${migrated.programId}`]);
    expect(pinned(veth)).toHaveLength(1);
    // First of all from now on.
    expect(veth.inside(() => attach(veth.name, { replace: true, priority: 1 })).shared?.position).toBe(1);
    veth.inside(() => detach(veth.name));
    expect(names(neighbours)).toEqual(["first", "last"]);
    expect(pinned(veth)).toHaveLength(1);
  });

  test("a replacement that cannot be leaves the pinned monitor and its neighbours as they were", () => {
    using veth = watchedVeth();
    using neighbours = new Neighbours(veth);
    neighbours.load("last");
    const { directory, programId } = veth.inside(() => attach(veth.name, { connections: 100 }));
    const state = [neighbours.list(), pinned(veth), readdirSync(directory)];
    const replace = (options: Parameters<typeof attach>[1]) => () =>
      veth.inside(() => attach(veth.name, { replace: true, ...options }));
    expect(replace({ connections: 200 })).toThrow(code("WEIR_LAYOUT"));
    expect(replace({ mode: "skb" })).toThrow(code("WEIR_OPTION"));
    expect([neighbours.list(), pinned(veth), readdirSync(directory)]).toEqual(state);
    expect(veth.inside(status).attached).toMatchObject([{ programId }]);
    veth.inside(() => detach(veth.name));
  });

  test("a replacement that is killed leaves the old program or the new one, and nothing else", async () => {
    using veth = watchedVeth();
    using neighbours = new Neighbours(veth);
    neighbours.load("last");
    const { directory } = veth.inside(() => attach(veth.name));
    const random = new Random(6);
    const start = performance.now();
    for (let kills = 0; kills < 3 || (kills < 20 && performance.now() - start < 20_000); kills++) {
      const script = `
        process.stdout.write("ready\\n");
        setImmediate(() => { for (;;) engine.attach("${veth.name}", { replace: true }); });`;
      const { child } = await startedEngine(veth.receiver, script);
      await sleep(random.below(2000));
      child.kill("SIGKILL");
      await once(child, "exit");
      const [monitor] = veth.inside(status).attached;
      expect(neighbours.list()).toMatchObject([{ id: monitor?.programId }, { name: "last" }]);
      expect(readdirSync(directory)).toEqual([`program-${monitor?.programId}`]);
      expect(pinned(veth)).toHaveLength(1);
    }
    veth.inside(() => detach(veth.name));
    expect(names(neighbours)).toEqual(["last"]);
  });

  test("a pinned monitor that others took off, or whose interface has gone, is cleaned up", () => {
    using veth = watchedVeth();
    const { directory, index } = veth.inside(() => attach(veth.name, { shared: true }));
    veth.receiver.run("xdp-loader", ["unload", "--all", veth.name]);
    const reason = `the program was taken off ${veth.name} by someone else, or attaching or detaching it was not finished`;
    expect(veth.inside(status).removed).toContainEqual({ interface: veth.name, index, directory, reason });
    const second = veth.inside(() => attach(veth.name, { shared: true }));
    expect(pinned(veth)).toHaveLength(1);
    const folder = pinned(veth)[0];
    veth.receiver.run("ip", ["link", "delete", veth.name]);
    expect(veth.inside(() => detach(veth.name))).toMatchObject({ reason: `interface ${veth.name} is gone` });
    expect([existsSync(second.directory), existsSync(`${FOLDER}/${folder}`)]).toEqual([false, false]);
  });

  test("a pinned monitor leaves a dispatcher that moved to another network namespace, and the neighbour counts on there", () => {
    using veth = watchedVeth();
    using elsewhere = NetworkNamespace.create({ ipv6: "off" });
    using neighbours = new Neighbours(veth);
    neighbours.load("last");
    const { directory, index } = veth.inside(() => attach(veth.name));
    const seen = neighbours.counter("last");
    const dispatcher = pinned(veth);
    using stack = new DisposableStack();
    // xdp-loader does not take off what is not whole any more.
    stack.defer(() => rmSync(`${FOLDER}/${dispatcher[0]}`, { recursive: true, force: true }));
    // Where it can be cleaned up.
    stack.defer(() => elsewhere.try("ip", ["link", "set", veth.name, "netns", veth.receiver.name]));
    veth.receiver.run("ip", ["link", "set", veth.name, "netns", elsewhere.name]);
    elsewhere.run("ip", ["address", "add", "192.0.2.2/24", "dev", veth.name]);
    elsewhere.run("ip", ["link", "set", veth.name, "up"]);
    const reason = `interface ${veth.name} is gone`;
    expect(veth.inside(status).removed).toContainEqual({ interface: veth.name, index, directory, reason });
    expect(elsewhere.run("ip", ["link", "show", veth.name])).toContain("xdp");
    expect(readdirSync(`${FOLDER}/${dispatcher[0]}`).sort()).toEqual(["prog1-link", "prog1-prog"]);
    const before = seen();
    veth.send(5);
    expect(seen()).toBeGreaterThanOrEqual(before + 5n);
  });

  test("a process that is killed leaves the others as they were, and itself to whoever comes next", async () => {
    using veth = watchedVeth();
    using neighbours = new Neighbours(veth);
    neighbours.load("last");
    const random = new Random(3);
    const start = performance.now();
    // In the emulated machine a process takes long to start.
    for (let kills = 0; kills < 3 || (kills < 20 && performance.now() - start < 20_000); kills++) {
      const script = `
        process.stdout.write("ready\\n");
        setImmediate(() => { for (;;) engine.watch("${veth.name}").close(); });`;
      const { child } = await startedEngine(veth.receiver, script);
      await sleep(random.below(2000));
      child.kill("SIGKILL");
      await once(child, "exit");
      veth.send(1);
      veth.inside(status);
      expect(names(neighbours)).toEqual(["last"]);
      expect(pinned(veth)).toHaveLength(1);
      expect(veth.inside(status).attached).toEqual([]);
      const before = neighbours.seen("last");
      veth.send(2);
      expect(neighbours.seen("last")).toBeGreaterThanOrEqual(before + 2n);
    }
  });

  test("one that was killed while it watched is taken out by the next one", async () => {
    using veth = watchedVeth();
    using neighbours = new Neighbours(veth);
    const script = `engine.watch("${veth.name}", { shared: true }); process.stdout.write("attached"); setInterval(() => {}, 1000);`;
    const { child, line } = await startedEngine(veth.receiver, script);
    expect(line).toBe("attached");
    neighbours.load("last");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(names(neighbours)).toEqual([MONITOR, "last"]);
    using monitor = veth.inside(() => watch(veth.name));
    expect(neighbours.list()).toMatchObject([{ id: monitor.interfaces[0]?.programId }, { name: "last" }]);
  });

  test("jumbo frames are counted, and a program that cannot take them does not join", () => {
    using veth = watchedVeth({ mtu: 9000 });
    using neighbours = new Neighbours(veth);
    using monitor = veth.inside(() => watch(veth.name, { shared: true }));
    veth.send(3, 8000);
    expect(() => neighbours.load("last")).toThrow();
    expect(names(neighbours)).toEqual([MONITOR]);
    veth.send(3, 8000);
    expect(udp(monitor)).toBe(6n);
    expect(pinned(veth)).toHaveLength(1);
  });

  test("what cannot be is refused, and leaves all as it was", () => {
    using veth = watchedVeth();
    using neighbours = new Neighbours(veth);
    const attempt = (options: Parameters<typeof watch>[1]) => () => veth.inside(() => watch(veth.name, options));
    expect(attempt({ shared: true, mode: "hw" })).toThrow(code("WEIR_MODE"));
    expect(attempt({ shared: true, budget: "5%" })).toThrow(/a budget cannot be kept on .*\n {2}Use --sample/);
    expect(attempt({ shared: true, priority: -1 })).toThrow(code("WEIR_OPTION"));
    neighbours.load("last");
    const before = [neighbours.list(), pinned(veth)];
    expect(attempt({ mode: "skb" })).toThrow(/the programs on veth0 run in mode drv.*\n {2}Use --mode drv, or auto\./);
    expect([neighbours.list(), pinned(veth)]).toEqual(before);
    veth.receiver.run("xdp-loader", ["unload", "--all", veth.name]);
    using object = loadObject(monitorObject());
    using _alone = veth.inside(() => attachXdp({ interface: veth.name, program: ownProgram(object, MONITOR) }));
    expect(attempt({ shared: true })).toThrow(/another XDP program is attached to veth0, and in no dispatcher/);
    expect(veth.inside(() => findInterface(veth.name).xdp)).toHaveLength(1);
  });
});

describe.skipIf(missing ?? refusal === undefined)("where the kernel runs no dispatchers", () => {
  test("sharing is refused with the reason, and what to do", () => {
    using veth = watchedVeth();
    expect(() => veth.inside(() => watch(veth.name, { shared: true }))).toThrow(
      /^several programs on veth0 need a dispatcher, and this kernel does not run one: BPF_PROG_LOAD on program "weir_probe" failed: (.|\n)*Without --shared weir is the only program on the interface\.$/,
    );
    const output = join(tmpdir(), `weir-refused-${process.pid}.pcapng`);
    expect(() => veth.inside(() => capture(veth.name, { output, shared: true }))).toThrow("need a dispatcher");
    expect(existsSync(output)).toBe(false);
    using monitor = veth.inside(() => watch(veth.name));
    expect(monitor.interfaces).toMatchObject([{ shared: undefined, warnings: [] }]);
  });
});
