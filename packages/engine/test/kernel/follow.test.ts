/** Interfaces that come and go while they are watched. */

import { once } from "node:events";
import { alu, exit, type ObjectSpec } from "@weir/bytecode";
import { attachXdp, loadObject, queryXdp } from "@weir/kernel";
import { NetworkNamespace, requireRoot, requireTool, runCommand } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { type InterfaceChange, type Monitor, type Snapshot, type WatchOptions, watch } from "../../src/index.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

/** The 100 interfaces of one test would have a table of 3 MB each. */
const CONNECTIONS = 64;
/** A program of somebody else, which only passes. */
const PASS: ObjectSpec = {
  license: "Dual MIT/GPL",
  maps: new Map(),
  programs: new Map([
    [
      "pass",
      {
        name: "pass",
        section: "xdp",
        type: "xdp",
        frags: false,
        instructions: [alu("mov", 64, 0, 2), exit()],
        references: [],
        functions: [],
        lines: [],
      },
    ],
  ]),
  configs: new Map(),
  btf: undefined,
};
/** Sends datagrams to the watched end until it is killed, whether there is a way to it or not. */
const SEND_ON = `
  const socket = require("node:dgram").createSocket("udp4");
  setInterval(() => { for (let sent = 0; sent < 10; sent++) socket.send("x", 9, "192.0.2.2", () => {}); }, 1);
`;
const SOON = { timeout: 20_000 };

/** Watches and follows inside; keeps what was told. */
function follow(veth: WatchedVeth, wanted: string | readonly string[], options: WatchOptions = {}) {
  const changes: InterfaceChange[] = [];
  const onChange = (change: InterfaceChange) => void changes.push(change);
  const monitor = veth.inside(() => watch(wanted, { connections: CONNECTIONS, ...options, follow: true, onChange }));
  const kinds = () => changes.map(({ kind, interface: name }) => `${kind} ${name}`);
  return { monitor, changes, kinds, [Symbol.dispose]: () => monitor.close() };
}

/** Makes the cable anew, as it was. */
function cableAgain({ sender, receiver, name }: WatchedVeth): void {
  const ends = [
    "address",
    "02:00:00:00:00:02",
    "type",
    "veth",
    "peer",
    "name",
    "veth0",
    "address",
    "02:00:00:00:00:01",
  ];
  receiver.run("ip", ["link", "add", name, ...ends, "netns", sender.name]);
  receiver.run("ip", ["address", "add", "192.0.2.2/24", "dev", name]);
  sender.run("ip", ["address", "add", "192.0.2.1/24", "dev", "veth0"]);
}

function switchOn({ sender, receiver, name }: WatchedVeth): void {
  sender.run("ip", ["link", "set", "veth0", "up"]);
  receiver.run("ip", ["link", "set", name, "up"]);
}

const states = (snapshots: readonly Snapshot[]) => snapshots.map(({ interface: name, attached }) => [name, attached]);
const names = ({ interfaces }: Monitor) => interfaces.map(({ name }) => name);

describe.skipIf(requireRoot())("following", () => {
  test("an interface that is removed and made again is watched again, and no packet is lost to the account", async () => {
    using veth = watchedVeth();
    using following = follow(veth, veth.name);
    const { monitor, kinds } = following;
    veth.send(20);
    veth.receiver.run("ip", ["link", "delete", veth.name]);
    await expect.poll(kinds).toContain(`removed ${veth.name}`);
    expect(monitor.awaited).toEqual([veth.name]);
    expect(monitor.attached).toBe(false);
    expect(monitor.removed).toMatchObject([{ code: "WEIR_INTERFACE_REMOVED" }]);

    const [last, ...none] = monitor.snapshot();
    expect(none).toEqual([]);
    expect(last).toMatchObject({ interface: veth.name, attached: false, counters: { udp: 20n } });
    expect(last?.identity).toMatchObject({ holds: true, exact: true });
    expect(monitor.snapshot()).toEqual([]);

    cableAgain(veth);
    await expect.poll(kinds, SOON).toContain(`attached ${veth.name}`);
    switchOn(veth);
    veth.send(30);
    expect(monitor).toMatchObject({ awaited: [], attached: true, removed: [] });
    const [again] = monitor.snapshot();
    expect(again).toMatchObject({ interface: veth.name, attached: true, counters: { udp: 30n } });
    expect(again?.earlier).toEqual({ interfaces: 1, packets: last?.counters.frames, bytes: last?.counters.bytes });
    expect(monitor.peek()).toMatchObject([{ earlier: { interfaces: 1 } }]);
  });

  test("between two readings it may go and come several times, under traffic: the readings add up", async () => {
    using veth = watchedVeth();
    using following = follow(veth, veth.name);
    let attached = 0;
    for (let round = 1; round <= 4; round += 1) {
      veth.send(10);
      veth.receiver.run("ip", ["link", "delete", veth.name]);
      cableAgain(veth);
      attached += 1;
      await expect
        .poll(() => following.kinds().filter((kind) => kind === `attached ${veth.name}`).length, SOON)
        .toBe(attached);
      switchOn(veth);
    }
    veth.send(10);
    const snapshots = following.monitor.snapshot();
    expect(states(snapshots)).toEqual([...Array(4).fill([veth.name, false]), [veth.name, true]]);
    expect(snapshots.map(({ counters }) => counters.udp)).toEqual([10n, 10n, 10n, 10n, 10n]);
    const before = snapshots.slice(0, 4).reduce((sum, { counters }) => sum + counters.frames, 0n);
    expect(snapshots[4]?.earlier).toMatchObject({ interfaces: 4, packets: before });
  });

  test("while it is sent to all the time, every frame that an interface has had is in its last snapshot or the present one", async () => {
    using veth = watchedVeth();
    using following = follow(veth, veth.name);
    const sender = veth.sender.spawn(process.execPath, ["-e", SEND_ON]);
    const attachments = () => following.kinds().filter((kind) => kind === `attached ${veth.name}`).length;
    for (let round = 1; round <= 3; round += 1) {
      // Enough came in on the one that is removed now.
      await expect.poll(() => following.monitor.peek()[0]?.counters.udp ?? 0n, SOON).toBeGreaterThan(100n);
      veth.receiver.run("ip", ["link", "delete", veth.name]);
      cableAgain(veth);
      await expect.poll(attachments, SOON).toBe(round);
      switchOn(veth);
    }
    await expect.poll(() => following.monitor.peek()[0]?.counters.udp ?? 0n, SOON).toBeGreaterThan(100n);
    const ended = once(sender, "exit");
    sender.kill("SIGKILL");
    await ended;
    const snapshots = following.monitor.snapshot();
    expect(snapshots.map(({ attached, identity }) => [attached, identity.holds])).toEqual([
      [false, true],
      [false, true],
      [false, true],
      [true, true],
    ]);
    const now = snapshots.at(-1);
    const [link] = JSON.parse(veth.receiver.run("ip", ["-s", "-j", "link", "show", veth.name]));
    // Attached before it was up, so the monitor has had all that the kernel counts.
    expect(now?.counters.frames).toBe(BigInt(link.stats64.rx.packets));
    const before = snapshots.slice(0, 3).reduce((sum, { counters }) => sum + counters.frames, 0n);
    expect(now?.earlier).toMatchObject({ interfaces: 3, packets: before });
  });

  test("one that is renamed is watched on, under its new name", async () => {
    using veth = watchedVeth();
    using following = follow(veth, veth.name);
    veth.send(5);
    // Old kernels rename only what is down.
    veth.receiver.run("ip", ["link", "set", veth.name, "down"]);
    veth.receiver.run("ip", ["link", "set", veth.name, "name", "renamed", "up"]);
    veth.send(5);
    expect(following.monitor.snapshot()).toMatchObject([
      { interface: "renamed", attached: true, counters: { udp: 10n } },
    ]);
    expect(names(following.monitor)).toEqual(["renamed"]);
    expect(following.kinds()).toContain("renamed renamed");
    // What is called so now is another one; the one that was asked for is there still.
    veth.receiver.run("ip", ["link", "add", veth.name, "type", "bridge"]);
    expect(states(following.monitor.snapshot())).toEqual([["renamed", true]]);
  });

  test("when one that was renamed goes, the interface that has its name takes its place", async () => {
    using veth = watchedVeth();
    using following = follow(veth, veth.name);
    veth.receiver.run("ip", ["link", "set", veth.name, "down"]);
    veth.receiver.run("ip", ["link", "set", veth.name, "name", "renamed"]);
    veth.receiver.run("ip", ["link", "add", veth.name, "type", "bridge"]);
    await expect.poll(following.kinds).toContain("renamed renamed");
    // Heard of, and not wanted yet.
    expect(names(following.monitor)).toEqual(["renamed"]);
    veth.receiver.run("ip", ["link", "delete", "renamed"]);
    await expect.poll(() => names(following.monitor), SOON).toEqual([veth.name]);
    expect(following.monitor).toMatchObject({ awaited: [], attached: true, removed: [] });
    expect(following.kinds()).toEqual(expect.arrayContaining(["removed renamed", `attached ${veth.name}`]));
  });

  test("one that goes down and up is watched on", async () => {
    using veth = watchedVeth();
    using following = follow(veth, veth.name);
    veth.send(5);
    veth.receiver.run("ip", ["link", "set", veth.name, "down"]);
    veth.receiver.run("ip", ["link", "set", veth.name, "up"]);
    veth.send(5);
    expect(following.monitor.snapshot()).toMatchObject([{ attached: true, counters: { udp: 10n } }]);
    veth.receiver.run("ip", ["link", "set", veth.name, "down"]);
    await expect.poll(following.kinds).toContain(`down ${veth.name}`);
    veth.receiver.run("ip", ["link", "set", veth.name, "up"]);
    await expect.poll(following.kinds).toContain(`up ${veth.name}`);
  });

  test("goes on with another MTU, as far as one buffer holds it", async () => {
    using veth = watchedVeth();
    using following = follow(veth, veth.name, { mode: "drv" });
    veth.receiver.run("ip", ["link", "set", veth.name, "mtu", "3000"]);
    await expect.poll(following.kinds).toContain(`mtu ${veth.name}`);
    veth.sender.run("ip", ["link", "set", "veth0", "mtu", "3000"]);
    // The kernel lets no frames come that the program could not take.
    expect(veth.sender.try("ip", ["link", "set", "veth0", "mtu", "9000"]).code).not.toBe(0);
    veth.send(1, 2900);
    const [snapshot] = following.monitor.snapshot();
    expect(snapshot).toMatchObject({ mode: "drv", attached: true, counters: { udp: 1n } });
  });

  test("a pattern takes what matches, now and later, and leaves the rest alone", async () => {
    using veth = watchedVeth({ name: "tap-first" });
    using following = follow(veth, ["lo", "tap-*"]);
    const { monitor } = following;
    expect(names(monitor)).toEqual(["lo", "tap-first"]);
    veth.receiver.run("ip", ["link", "add", "tap-second", "type", "veth", "peer", "name", "untouched"]);
    await expect.poll(() => names(monitor), SOON).toEqual(["lo", "tap-first", "tap-second"]);
    expect(veth.inside(() => queryXdp("untouched"))).toEqual([]);
    veth.send(3);
    veth.receiver.run("ip", ["link", "delete", "tap-second"]);
    veth.receiver.run("ip", ["link", "delete", "tap-first"]);
    await expect.poll(() => names(monitor), SOON).toEqual(["lo"]);
    expect(monitor.awaited).toEqual(["tap-*"]);
    expect(monitor.removed).toEqual([]);
    const last = monitor.snapshot();
    expect(states(last).sort()).toEqual([
      ["lo", true],
      ["tap-first", false],
      ["tap-second", false],
    ]);
    expect(last.find(({ interface: name }) => name === "tap-first")?.counters.udp).toBe(3n);
  });

  test("a pattern takes what is renamed into it, and goes on with what changes or is renamed out of it", async () => {
    using veth = watchedVeth({ name: "other" });
    using following = follow(veth, "tap-*");
    const rename = (from: string, to: string) => {
      veth.receiver.run("ip", ["link", "set", from, "down"]);
      veth.receiver.run("ip", ["link", "set", from, "name", to]);
      veth.receiver.run("ip", ["link", "set", to, "up"]);
    };
    // Nothing is read in between: the kernel tells of each change.
    const hears = (kind: string) => expect.poll(following.kinds, SOON).toContain(kind);
    expect(names(following.monitor)).toEqual([]);
    rename("other", "tap-in");
    await hears("attached tap-in");
    veth.receiver.run("ip", ["link", "set", "tap-in", "down"]);
    await hears("down tap-in");
    veth.receiver.run("ip", ["link", "set", "tap-in", "up"]);
    await hears("up tap-in");
    veth.receiver.run("ip", ["link", "set", "tap-in", "mtu", "1400"]);
    await hears("mtu tap-in");
    rename("tap-in", "out");
    await hears("renamed out");
    expect(following.monitor.awaited).toEqual(["tap-*"]);
    veth.send(4);
    expect(following.monitor.snapshot()).toMatchObject([{ interface: "out", attached: true, counters: { udp: 4n } }]);
    veth.receiver.run("ip", ["link", "delete", "out"]);
    await hears("removed out");
    expect(names(following.monitor)).toEqual([]);
  });

  test("a pattern may match nothing at first", async () => {
    using veth = watchedVeth();
    using following = follow(veth, "nothing*");
    expect(following.monitor.snapshot()).toEqual([]);
    expect(following.monitor.awaited).toEqual(["nothing*"]);
    veth.receiver.run("ip", ["link", "add", "nothing1", "type", "bridge"]);
    await expect.poll(() => names(following.monitor), SOON).toEqual(["nothing1"]);
    expect(following.changes.at(-1)).toMatchObject({
      kind: "attached",
      text: expect.stringMatching(/mode skb \(mode drv is not possible: EOPNOTSUPP/),
    });
  });

  test("one that moves to another network namespace is let go", async () => {
    using veth = watchedVeth();
    using elsewhere = NetworkNamespace.create({ ipv6: "off" });
    using following = follow(veth, veth.name);
    veth.send(7);
    veth.receiver.run("ip", ["link", "set", veth.name, "netns", elsewhere.name]);
    await expect.poll(following.kinds, SOON).toContain(`removed ${veth.name}`);
    expect(elsewhere.run("ip", ["link", "show", veth.name])).not.toContain("xdp");
    expect(following.monitor.snapshot()).toMatchObject([{ attached: false, counters: { udp: 7n } }]);
    elsewhere.run("ip", ["link", "set", veth.name, "netns", veth.receiver.name]);
    await expect.poll(() => names(following.monitor), SOON).toEqual([veth.name]);
  });

  test("100 pairs that are plugged at once are all taken, and the event loop goes on meanwhile", async () => {
    using veth = watchedVeth();
    using following = follow(veth, "plug*");
    const batch = Array.from({ length: 100 }, (_, index) => `link add plug${index} type veth peer name other${index}`);
    veth.receiver.run("ip", ["-batch", "-"], { input: batch.join("\n") });
    let longest = 0;
    let before = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - before);
      before = performance.now();
    }, 5);
    await expect.poll(() => names(following.monitor).length, { timeout: 50_000, interval: 200 }).toBe(100);
    clearInterval(timer);
    // One attach, and a turn of the loop, on a machine that has other work.
    expect(longest).toBeLessThan(1500);
    const numbers = names(following.monitor).map((name) => Number(name.slice("plug".length)));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect(following.monitor.attached).toBe(true);
  });

  test("more than the kernel can tell: what there is is looked at anew", async () => {
    using veth = watchedVeth();
    using following = follow(veth, [veth.name, "new*"]);
    veth.send(9);
    // While these run nobody listens, and then the interfaces change unheard.
    const noise = Array.from({ length: 12_000 }, (_, index) => `link set dev lo mtu ${60_000 + (index % 2)}`);
    veth.receiver.run("ip", ["-batch", "-"], { input: noise.join("\n"), timeout: 60_000 });
    veth.receiver.run("ip", ["link", "delete", veth.name]);
    cableAgain(veth);
    veth.receiver.run("ip", ["link", "add", "new0", "type", "bridge"]);
    await expect.poll(() => names(following.monitor), SOON).toEqual([veth.name, "new0"]);
    expect(following.kinds()).toContain("overrun ");
    switchOn(veth);
    veth.send(4);
    const snapshots = following.monitor.snapshot().filter(({ interface: name }) => name === veth.name);
    expect(snapshots.map(({ attached, counters }) => [attached, counters.udp])).toEqual([
      [false, 9n],
      [true, 4n],
    ]);
  });

  test("an interface that another program is on is left to it, and taken when it is free", async () => {
    using veth = watchedVeth();
    using following = follow(veth, "busy*");
    using object = loadObject(PASS);
    const found = object.program("pass");
    if (found.kind !== "loaded") throw new Error("the kernel refused a program that only passes");
    const { program } = found;
    veth.receiver.run("ip", ["link", "add", "free0", "type", "bridge"]);
    const other = veth.inside(() => attachXdp({ interface: "free0", program, by: "netlink", mode: "skb" }));
    veth.receiver.run("ip", ["link", "set", "free0", "name", "busy0"]);
    await expect.poll(following.kinds, SOON).toContain("refused busy0");
    expect(veth.inside(() => queryXdp("busy0"))).toMatchObject([{ programId: program.id }]);
    expect(following.changes.at(-1)?.text).toContain("Another XDP program is attached there");
    // The kernel tells of programs only where an interface is up.
    veth.receiver.run("ip", ["link", "set", "busy0", "up"]);
    veth.inside(() => other.detach());
    await expect.poll(() => names(following.monitor), SOON).toEqual(["busy0"]);
    expect(following.kinds().filter((kind) => kind.startsWith("refused"))).toHaveLength(1);
  });

  test.skipIf(requireTool("bpftool"))("a monitor that somebody took off is not put back", async () => {
    using veth = watchedVeth();
    using following = follow(veth, veth.name, { interval: 0.02 });
    veth.send(6);
    const [subject] = following.monitor.interfaces;
    const links = JSON.parse(runCommand("bpftool", ["-j", "link", "show"])) as { id: number; prog_id: number }[];
    const link = links.find(({ prog_id }) => prog_id === subject?.programId);
    runCommand("bpftool", ["link", "detach", "id", String(link?.id)]);
    const read = async () => {
      for await (const snapshots of following.monitor)
        expect(snapshots).toMatchObject([{ attached: false, counters: { udp: 6n } }]);
    };
    await expect(read()).rejects.toMatchObject({ code: "WEIR_INTERFACE_REMOVED" });
    expect(following.kinds()).toContain(`taken-off ${veth.name}`);
    expect(veth.inside(() => queryXdp(veth.name))).toEqual([]);
  });

  test("what is named has to be there at first, and up", () => {
    using veth = watchedVeth();
    const fails = (wanted: string | string[]) => veth.inside(() => watch(wanted, { follow: true }));
    expect(() => fails([veth.name, "missing"])).toThrow(expect.objectContaining({ code: "WEIR_NO_INTERFACE" }));
    expect(veth.inside(() => queryXdp(veth.name))).toEqual([]);
    veth.receiver.run("ip", ["link", "set", veth.name, "down"]);
    expect(() => fails(veth.name)).toThrow(expect.objectContaining({ code: "WEIR_INTERFACE_DOWN" }));
  });

  test("a closed monitor takes nothing any more", async () => {
    using veth = watchedVeth();
    using following = follow(veth, "late*");
    veth.receiver.run("ip", ["link", "add", "late0", "type", "bridge"]);
    following.monitor.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(veth.inside(() => queryXdp("late0"))).toEqual([]);
    expect(following.monitor.snapshot()).toEqual([]);
  });
});
