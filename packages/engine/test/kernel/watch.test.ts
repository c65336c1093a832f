import { requireRoot } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { type Connection, type Monitor, type Snapshot, watch } from "../../src/index.ts";
import { firstLine, startEngine } from "./engine-process.ts";
import { watchedVeth } from "./watched-veth.ts";

function only(snapshots: readonly Snapshot[]): Snapshot {
  const [snapshot] = snapshots;
  if (snapshot === undefined) throw new Error("there is no snapshot");
  return snapshot;
}

const isUdp = ({ protocol }: Connection): boolean => protocol.name === "udp";

describe.skipIf(requireRoot())("watch", () => {
  test.each(["drv", "skb"] as const)("counts what comes in, in mode %s", (mode) => {
    using veth = watchedVeth();
    using monitor = veth.inside(() => watch(veth.name, { mode }));
    veth.send(20);
    const { connections, counters, identity, ...snapshot } = only(monitor.snapshot());
    expect(snapshot).toMatchObject({ interface: veth.name, mode, attached: true, capacity: 10_240 });
    expect(counters).toMatchObject({ udp: 20n, malformed: 0n, overflow: 0n });
    expect(counters.frames).toBe(counters.ipv4 + counters.ipv6 + counters.arp);
    expect(connections.find(isUdp)).toMatchObject({
      kind: "l4",
      source: "192.0.2.1",
      sourcePort: 40_000,
      destination: "192.0.2.2",
      destinationPort: 9,
      packets: 20n,
      bytes: 20n * 50n,
    });
    expect(identity).toMatchObject({ holds: true, exact: true, seenAfter: counters.frames });
  });

  test("says when a connection was last seen", () => {
    using veth = watchedVeth();
    using monitor = veth.inside(() => watch(veth.name));
    const before = process.hrtime.bigint();
    veth.send(1);
    const after = process.hrtime.bigint();
    const { connections } = only(monitor.snapshot());
    const tick = 10_000_000n;
    for (const { lastSeen } of connections) {
      expect(lastSeen).toBeGreaterThan(before - tick);
      expect(lastSeen).toBeLessThanOrEqual(after + tick);
    }
  });

  test("gives snapshots at intervals, with the rates since the one before, and detaches at the end", async () => {
    using veth = watchedVeth();
    const monitor = veth.inside(() => watch([veth.name], { interval: 0.05 }));
    veth.send(10);
    const taken: Snapshot[] = [];
    for await (const snapshots of monitor) if (taken.push(only(snapshots)) === 2) break;
    const rates = taken.map(({ connections }) => connections.find(isUdp)?.packetsPerSecond);
    expect(rates[0]).toBeGreaterThan(5);
    expect(rates[1]).toBe(0);
    expect(taken[0]?.rates.packetsPerSecond).toBeGreaterThan(5);
    expect(veth.receiver.run("ip", ["link", "show", veth.name])).not.toContain("xdp");
    expect(monitor.snapshot()).toEqual([]);
  });

  test("ends when its signal says so", async () => {
    using veth = watchedVeth();
    const controller = new AbortController();
    const monitor = veth.inside(() => watch(veth.name, { interval: 0.02, signal: controller.signal }));
    let count = 0;
    for await (const _ of monitor) if (++count === 2) controller.abort();
    expect(count).toBe(2);
    expect(veth.receiver.run("ip", ["link", "show", veth.name])).not.toContain("xdp");
  });

  test("tells that an interface was removed, and goes on with the others", async () => {
    using veth = watchedVeth();
    using other = watchedVeth();
    const first = veth.inside(() => watch(veth.name, { interval: 0.02 }));
    const second = other.inside(() => watch([other.name, "lo"], { interval: 0.02 }));
    veth.receiver.run("ip", ["link", "delete", veth.name]);
    other.receiver.run("ip", ["link", "delete", other.name]);
    expect(await attachedStates(first)).toEqual([[false], "WEIR_INTERFACE_REMOVED"]);
    expect(await attachedStates(second, 2)).toEqual([[false, true], [true]]);
    expect(second.removed).toEqual([expect.objectContaining({ code: "WEIR_INTERFACE_REMOVED" })]);
  });

  test("takes frames of several buffers on an interface with a large MTU", () => {
    using veth = watchedVeth({ mtu: 9000 });
    using monitor = veth.inside(() => watch(veth.name, { mode: "drv" }));
    veth.send(1, 8000);
    const { connections } = only(monitor.snapshot());
    expect(connections.find(isUdp)).toMatchObject({ packets: 1n, bytes: 8042n });
  });

  test("hides connections that were silent for too long, and keeps their numbers", async () => {
    using veth = watchedVeth();
    using monitor = veth.inside(() => watch(veth.name, { idle: 0.1 }));
    veth.send(5);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const { connections, tracked, evicted, counters, identity } = only(monitor.snapshot());
    expect({ connections, tracked }).toEqual({ connections: [], tracked: 0 });
    expect(evicted.packets).toBe(counters.ipv4 + counters.ipv6);
    expect(identity).toMatchObject({ holds: true, exact: true });
  });

  test("attaches nothing when one of its interfaces cannot be watched", () => {
    using veth = watchedVeth();
    expect(() => veth.inside(() => watch([veth.name, "missing"]))).toThrow(
      expect.objectContaining({ code: "WEIR_NO_INTERFACE" }),
    );
    expect(() => veth.inside(() => watch([veth.name, "lo"], { mode: "drv" }))).toThrow(
      expect.objectContaining({ code: "WEIR_MODE" }),
    );
    expect(veth.receiver.run("ip", ["link", "show", veth.name])).not.toContain("xdp");
  });

  test("wants an interface", () => {
    expect(() => watch([])).toThrow(expect.objectContaining({ code: "WEIR_OPTION" }));
  });

  test("leaves nothing when its process is killed", async () => {
    using veth = watchedVeth();
    const child = startEngine(
      veth.receiver,
      `engine.watch("${veth.name}"); console.log("on"); setInterval(() => {}, 1e6);`,
    );
    expect(await firstLine(child)).toBe("on");
    expect(veth.receiver.run("ip", ["link", "show", veth.name])).toContain("xdp");
    child.kill("SIGKILL");
    const gone = () => !veth.receiver.run("ip", ["link", "show", veth.name]).includes("xdp");
    await expect.poll(gone, { timeout: 5000 }).toBe(true);
  });

  test("refuses an interface that is down, and one with another program", () => {
    using veth = watchedVeth();
    using _monitor = veth.inside(() => watch(veth.name));
    expect(() => veth.inside(() => watch(veth.name))).toThrow(expect.objectContaining({ code: "WEIR_BUSY" }));
    veth.receiver.run("ip", ["link", "set", veth.name, "down"]);
    expect(() => veth.inside(() => watch(veth.name))).toThrow(expect.objectContaining({ code: "WEIR_INTERFACE_DOWN" }));
  });
});

/** Whether the interfaces are attached, snapshot by snapshot, up to `most` of them; then the code of the error, if any. */
async function attachedStates(monitor: Monitor, most = Number.POSITIVE_INFINITY): Promise<(boolean[] | string)[]> {
  const states: (boolean[] | string)[] = [];
  try {
    for await (const snapshots of monitor) {
      if (states.push(snapshots.map(({ attached }) => attached)) === most) break;
    }
  } catch (error) {
    // What is no error of weir fails the comparison.
    states.push(error instanceof Error && "code" in error ? String(error.code) : String(error));
  }
  return states;
}
