import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";
import { onlineCpus, queryXdp } from "@weir/kernel";
import { type NetworkNamespace, requireRoot, requireTool } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { balanceCpus, type Monitor, type Snapshot, type Steering, type SteeringTarget } from "../../src/index.ts";
import { type BalancerNetwork, balancerNetwork, INGRESS } from "./balancer-network.ts";

const TO_NOBODY = { source: "198.51.100.1", destination: "203.0.113.1" };

function only(monitor: Monitor): Snapshot & { readonly steering: Steering } {
  const [snapshot] = monitor.snapshot();
  if (snapshot?.steering === undefined) throw new Error("there is no snapshot of a balancer");
  return { ...snapshot, steering: snapshot.steering };
}

/** The targets, once nothing is on its way any more. */
async function settled(monitor: Monitor): Promise<readonly SteeringTarget[]> {
  const end = performance.now() + 10_000;
  for (;;) {
    const { targets } = only(monitor).steering;
    if (targets.every(({ outstanding }) => outstanding === 0n)) return targets;
    if (performance.now() > end) expect.fail(`frames are still on their way: ${inspect(targets)}`);
    // The CPUs' threads may need this CPU.
    await setTimeout(1);
  }
}

/** IPv4 packets that have reached the balancer's network stack. */
function inReceives({ balancer }: BalancerNetwork): number {
  const [names = "", values = ""] = balancer.run("grep", ["^Ip:", "/proc/net/snmp"]).split("\n");
  return Number(values.split(" ")[names.split(" ").indexOf("InReceives")]);
}

const sum = (targets: readonly SteeringTarget[], of: (target: SteeringTarget) => bigint | null): bigint =>
  targets.reduce((total, target) => total + (of(target) ?? 0n), 0n);

describe.skipIf(requireRoot() ?? requireTool("ethtool"))("balanceCpus", () => {
  // Where there is one CPU, it is the only target.
  const cpus = onlineCpus().slice(0, 2);

  test("processes each of two million packets of 1,000 connections once, both directions on one CPU", {
    timeout: 300_000,
  }, async () => {
    using net = balancerNetwork(0);
    using monitor = net.inside(() =>
      balanceCpus(INGRESS, { cpus, queueSize: 16_384, mode: "drv", idle: 0, connections: 4000, limit: 0 }),
    );
    const before = inReceives(net);
    const connections = new Map<number | string, number>();
    let given = new Map<number | string, bigint>();
    for (let flow = 0; flow < 1000; flow++) {
      const [port, other] = [1024 + flow, flow % 2 === 0 ? 80 : 443];
      const { source, destination } = TO_NOBODY;
      const forth = ethernet().ipv4(TO_NOBODY).tcp({ sourcePort: port, destinationPort: other });
      const back = ethernet()
        .ipv4({ source: destination, destination: source })
        .tcp({ sourcePort: other, destinationPort: port });
      net.comeIn(monitor, forth.paddedTo(60), 1000);
      net.comeIn(monitor, back.paddedTo(60), 1000);
      const targets = await settled(monitor);
      const grown = targets.filter(({ target, packets }) => packets !== (given.get(target) ?? 0n));
      // All 2,000 packets of the connection on one CPU, and taken there.
      expect(grown).toHaveLength(1);
      for (const { target, packets } of grown) {
        expect(packets - (given.get(target) ?? 0n)).toBe(2000n);
        connections.set(target, (connections.get(target) ?? 0) + 1);
      }
      given = new Map(targets.map(({ target, packets }) => [target, packets]));
    }
    const { counters, steering, identity, tracked } = only(monitor);
    expect(counters).toMatchObject({ frames: 2_000_000n, tcp: 2_000_000n, overflow: 0n });
    expect(identity).toMatchObject({ holds: true, exact: true });
    expect(steering).toMatchObject({ kind: "cpus", redirected: 2_000_000n, passed: { packets: 0n }, holds: true });
    expect(tracked).toBe(2000);
    expect(sum(steering.targets, ({ delivered }) => delivered)).toBe(2_000_000n);
    expect(sum(steering.targets, ({ dropped }) => dropped)).toBe(0n);
    // And the network stack got each of them, once.
    expect(inReceives(net) - before).toBe(2_000_000);
    // 500 of 1,000 with a standard deviation of 16.
    if (cpus.length === 2) for (const count of connections.values()) expect(Math.abs(count - 500)).toBeLessThan(100);
  });

  test.each(["drv", "skb"] as const)("counts what finds the queue full, in mode %s", async (mode) => {
    using net = balancerNetwork(0);
    using monitor = net.inside(() => balanceCpus(INGRESS, { cpus: cpus.slice(0, 1), queueSize: 16, mode }));
    const frame = ethernet().ipv4(TO_NOBODY).udp({ sourcePort: 5000, destinationPort: 53 }).paddedTo(60);
    const before = inReceives(net);
    if (mode === "drv") net.comeIn(monitor, frame, 20_000);
    else sendFrom(net.client, 2000);
    const [target] = await settled(monitor);
    if (target === undefined) throw new Error("there is no target");
    const { packets, delivered, dropped, errors } = target;
    expect(packets).toBe(mode === "drv" ? 20_000n : 2000n);
    expect((delivered ?? 0n) + (dropped ?? 0n) + (errors ?? 0n)).toBe(packets);
    // The queue is filled in the same breath that the packets come in: most of 20,000 must find it full.
    if (mode === "drv") expect(dropped).toBeGreaterThan(1000n);
    expect(BigInt(inReceives(net) - before)).toBe(delivered);
  });

  test("passes on what is in no connection, and counts it", async () => {
    using net = balancerNetwork(0);
    using monitor = net.inside(() => balanceCpus(INGRESS, { cpus }));
    net.comeIn(monitor, ethernet().arp().paddedTo(60), 10);
    net.comeIn(monitor, ethernet().ipv4(TO_NOBODY).icmp().paddedTo(60), 5);
    const { steering, counters } = only(monitor);
    expect(counters).toMatchObject({ frames: 15n, arp: 10n, icmp: 5n });
    expect(steering).toMatchObject({ passed: { packets: 10n, bytes: 600n }, redirected: 5n, holds: true });
    expect(sum(await settled(monitor), ({ bytes }) => bytes)).toBe(300n);
  });

  test("hands over frames in several buffers", async () => {
    using net = balancerNetwork(0);
    for (const [namespace, name] of [
      [net.client, "veth0"],
      [net.balancer, INGRESS],
    ] as const) {
      namespace.run("ip", ["link", "set", name, "mtu", "9000"]);
    }
    using monitor = net.inside(() => balanceCpus(INGRESS, { cpus, mode: "drv" }));
    const before = inReceives(net);
    sendFrom(net.client, 20, 8000);
    const targets = await settled(monitor);
    expect(sum(targets, ({ delivered }) => delivered)).toBe(20n);
    expect(sum(targets, ({ bytes }) => bytes)).toBe(20n * (8000n + 42n));
    expect(inReceives(net) - before).toBe(20);
  });

  test("refuses what cannot be, before anything is attached", () => {
    using net = balancerNetwork(0);
    const attempt = (options: Parameters<typeof balanceCpus>[1]) => () =>
      net.inside(() => balanceCpus(INGRESS, options));
    expect(attempt({ cpus: [] })).toThrow("option cpus is empty");
    expect(attempt({ cpus: [8191] })).toThrow("option cpus has CPU 8191; it must have CPUs of this machine: 0");
    expect(attempt({ cpus: [0, 0] })).toThrow("option cpus has CPU 0 twice");
    expect(attempt({ cpus: [0], queueSize: 16_385 })).toThrow("option queueSize is 16385");
    expect(attempt({ cpus: [0], mode: "hw" })).toThrow('option mode is "hw"');
    expect(net.inside(() => queryXdp(INGRESS))).toEqual([]);
  });

  test("leaves another program alone, and says which", () => {
    using net = balancerNetwork(0);
    using _first = net.inside(() => balanceCpus(INGRESS, { cpus: [0] }));
    expect(() => net.inside(() => balanceCpus(INGRESS, { cpus: [0] }))).toThrow(
      expect.objectContaining({ code: "WEIR_BUSY", message: expect.stringContaining("xdp_steer") }),
    );
  });

  test("ends when its interface goes", async () => {
    using net = balancerNetwork(0);
    const monitor = net.inside(() => balanceCpus(INGRESS, { cpus: [0], interval: 0.05 }));
    net.balancer.run("ip", ["link", "delete", INGRESS]);
    const read = async () => {
      for await (const [snapshot] of monitor) expect(snapshot?.attached).toBe(false);
    };
    await expect(read()).rejects.toMatchObject({ code: "WEIR_INTERFACE_REMOVED" });
  });
});

/** Sends UDP to nobody, so that it is the driver that receives it: in mode skb live frames would not pass the program again. */
function sendFrom(client: NetworkNamespace, count: number, size = 1): void {
  client.run("ip", ["address", "add", "198.51.100.1/24", "dev", "veth0"]);
  client.run("ip", ["neighbour", "add", "198.51.100.2", "lladdr", "02:00:00:00:00:02", "dev", "veth0"]);
  const script = `const socket = require("node:dgram").createSocket("udp4"); let sent = 0;
    const next = () => (sent++ === ${count} ? socket.close() : socket.send("x".repeat(${size}), 9, "198.51.100.2", next));
    socket.bind(40000, next);`;
  client.run(process.execPath, ["-e", script]);
}
