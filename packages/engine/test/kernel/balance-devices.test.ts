import { setTimeout } from "node:timers/promises";
import { inspect } from "node:util";
import { findInterface, queryXdp, xdpFeatures } from "@weir/kernel";
import { requireRoot, requireTool } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { balanceDevices, type Monitor, type Snapshot, type Steering, type SteeringTarget } from "../../src/index.ts";
import { type BalancerNetwork, balancerNetwork, INGRESS } from "./balancer-network.ts";

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
    await setTimeout(1);
  }
}

const frameOf = (flow: number) =>
  ethernet()
    .ipv4({ source: `10.0.${flow >> 8}.${flow & 255}`, destination: "203.0.113.1" })
    .udp({ sourcePort: 1024 + flow, destinationPort: 53 })
    .paddedTo(60);

/** Waits until the receivers have so many frames between them, and gives each one's. */
async function receivedBy(net: BalancerNetwork, total: number): Promise<number[]> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const counts = net.receivers.map((_, index) => net.received(index));
    if (counts.reduce((sum, count) => sum + count, 0) >= total) return counts;
    await setTimeout(10);
  }
  return net.receivers.map((_, index) => net.received(index));
}

/** Since Linux 6.3. */
const tellsFeatures = requireRoot() === undefined && xdpFeatures(findInterface("lo").index) !== undefined;

describe.skipIf(requireRoot() ?? requireTool("ethtool"))("balanceDevices", () => {
  test("sends each connection to one interface, and each frame once", async () => {
    using net = balancerNetwork(3);
    using monitor = net.inside(() => balanceDevices(INGRESS, { to: net.outputs, mode: "drv" }));
    for (let flow = 0; flow < 300; flow++) net.comeIn(monitor, frameOf(flow), 50);
    net.comeIn(monitor, ethernet().arp().paddedTo(60), 7);
    const targets = await settled(monitor);
    const { steering, counters } = only(monitor);
    expect(counters.frames).toBe(15_007n);
    expect(steering).toMatchObject({ kind: "devices", passed: { packets: 7n }, redirected: 15_000n, holds: true });
    const received = await receivedBy(net, 15_000);
    expect(received.map(BigInt)).toEqual(targets.map(({ packets }) => packets));
    expect(targets.map(({ target }) => target)).toEqual(net.outputs);
    for (const { packets, delivered, dropped, errors, lastError } of targets) {
      expect(packets % 50n).toBe(0n);
      expect(delivered).toBe(packets);
      expect({ dropped, errors, lastError }).toEqual({ dropped: 0n, errors: 0n, lastError: null });
      // 100 of 300 with a standard deviation of 8.
      expect(Math.abs(Number(packets / 50n) - 100)).toBeLessThan(45);
    }
  });

  test.each(["drv", "skb"] as const)("mirrors each frame to all interfaces, in mode %s", async (mode) => {
    using net = balancerNetwork(2);
    using monitor = net.inside(() => balanceDevices(INGRESS, { to: net.outputs, mirror: true, mode }));
    if (mode === "drv") {
      for (let flow = 0; flow < 10; flow++) net.comeIn(monitor, frameOf(flow), 20);
      net.comeIn(monitor, ethernet().arp().paddedTo(60), 5);
    } else {
      sendArp(net, 205);
    }
    const frames = only(monitor).counters.frames;
    expect(frames).toBe(205n);
    expect(await receivedBy(net, 410)).toEqual([205, 205]);
    const { steering } = only(monitor);
    expect(steering).toMatchObject({ kind: "mirror", passed: { packets: 0n }, redirected: 205n, holds: true });
    for (const target of steering.targets) {
      // What was sent in mode skb, the kernel does not tell.
      const delivered = mode === "drv" ? 205n : null;
      expect(target).toMatchObject({ packets: 205n, delivered, dropped: 0n, errors: 0n });
    }
  });

  test("refuses targets that take no redirected frames, or says that the kernel cannot tell, and takes them in mode skb", async () => {
    using net = balancerNetwork(1, { takes: false });
    const to = net.outputs;
    for (const mode of ["auto", "drv"] as const) {
      if (tellsFeatures) {
        expect(() => net.inside(() => balanceDevices(INGRESS, { to, mode }))).toThrow(
          expect.objectContaining({
            code: "WEIR_TARGET",
            message: expect.stringContaining("target out0 takes no redirected frames, so they would be lost"),
          }),
        );
      } else {
        using monitor = net.inside(() => balanceDevices(INGRESS, { to, mode }));
        expect(monitor.interfaces[0]?.warnings).toEqual([
          "whether out0 takes redirected frames, this kernel cannot tell (Linux 6.3 can): look at its errors and drops",
        ]);
      }
    }
    expect(net.inside(() => queryXdp(INGRESS))).toEqual([]);
    using _monitor = net.inside(() => balanceDevices(INGRESS, { to, mirror: true, mode: "skb" }));
    sendArp(net, 30);
    expect(await receivedBy(net, 30)).toEqual([30]);
  });

  test("refuses itself, interfaces twice, down, unknown or without Ethernet", () => {
    using net = balancerNetwork(2);
    net.balancer.run("ip", ["tuntap", "add", "tun0", "mode", "tun"]);
    net.balancer.run("ip", ["link", "set", "out1", "down"]);
    const attempt =
      (...to: readonly string[]) =>
      () =>
        net.inside(() => balanceDevices(INGRESS, { to }));
    const refused = (code: string, message: string) =>
      expect.objectContaining({ code, message: expect.stringContaining(message) });
    expect(attempt()).toThrow(refused("WEIR_OPTION", "option to is empty"));
    expect(attempt(INGRESS)).toThrow(refused("WEIR_OPTION", "option to has in0 itself"));
    expect(attempt("out0", "out0")).toThrow(refused("WEIR_OPTION", "option to has out0 twice"));
    expect(attempt("out0", "out1")).toThrow(refused("WEIR_INTERFACE_DOWN", "ip link set dev out1 up"));
    expect(attempt("tun0")).toThrow(refused("WEIR_LINK_TYPE", "target tun0 carries no Ethernet frames"));
    expect(attempt("nosuch0")).toThrow(refused("WEIR_NO_INTERFACE", "nosuch0"));
    expect(net.inside(() => queryXdp(INGRESS))).toEqual([]);
  });

  test("counts frames that a target cannot take any more, with the kernel's reason", async () => {
    using net = balancerNetwork(1);
    using monitor = net.inside(() => balanceDevices(INGRESS, { to: net.outputs, mode: "drv" }));
    net.receivers[0]?.run("ethtool", ["-K", "veth0", "gro", "off"]);
    net.comeIn(monitor, frameOf(1), 10);
    // Before Linux 6.3 the driver itself refuses them.
    const [lost] = await settled(monitor);
    expect(lost).toMatchObject({ packets: 10n, delivered: 0n });
    expect((lost?.errors ?? 0n) + (lost?.dropped ?? 0n)).toBe(10n);
    expect(["EOPNOTSUPP", "ENXIO"]).toContain(lost?.lastError);
    net.balancer.run("ip", ["link", "set", "out0", "down"]);
    net.comeIn(monitor, frameOf(1), 10);
    const [down] = await settled(monitor);
    expect((down?.errors ?? 0n) + (down?.dropped ?? 0n)).toBe(20n);
    expect(["ENETDOWN", "EOPNOTSUPP"]).toContain(down?.lastError);
    expect(await receivedBy(net, 0)).toEqual([0]);
  });

  test("a mirror tells how many frames the kernel has left out for an interface that is down", async () => {
    using net = balancerNetwork(2);
    using monitor = net.inside(() => balanceDevices(INGRESS, { to: net.outputs, mirror: true, mode: "drv" }));
    net.balancer.run("ip", ["link", "set", "out0", "down"]);
    net.comeIn(monitor, frameOf(1), 10);
    expect(await receivedBy(net, 10)).toEqual([0, 10]);
    const { targets } = only(monitor).steering;
    expect(targets).toMatchObject([
      { target: "out0", packets: 10n, delivered: 0n, dropped: 0n, errors: 0n, outstanding: 10n },
      { target: "out1", packets: 10n, delivered: 10n, dropped: 0n, errors: 0n, outstanding: 0n },
    ]);
  });

  test("warns of a smaller MTU, and counts what is too long for it", async () => {
    using net = balancerNetwork(1);
    net.balancer.run("ip", ["link", "set", "out0", "mtu", "576"]);
    using monitor = net.inside(() => balanceDevices(INGRESS, { to: net.outputs, mode: "drv" }));
    expect(monitor.interfaces[0]?.warnings).toContain(
      "the MTU of out0 is 576, that of in0 1500: longer packets will be lost, and counted as errors",
    );
    net.comeIn(monitor, ethernet().ipv4().udp().payload(1000).toBytes(), 3);
    const [target] = await settled(monitor);
    expect(target).toMatchObject({ packets: 3n, delivered: 0n, errors: 3n, lastError: "EMSGSIZE" });
  });

  test("ends when a target goes, and what was to go to it has been passed on", async () => {
    using net = balancerNetwork(2);
    const monitor = net.inside(() => balanceDevices(INGRESS, { to: net.outputs, mode: "drv", interval: 0.05 }));
    net.balancer.run("ip", ["link", "delete", "out0"]);
    for (let flow = 0; flow < 40; flow++) net.comeIn(monitor, frameOf(flow), 1);
    const seen: Snapshot[] = [];
    const read = async () => {
      for await (const [snapshot] of monitor) if (snapshot !== undefined) seen.push(snapshot);
    };
    await expect(read()).rejects.toMatchObject({
      code: "WEIR_INTERFACE_REMOVED",
      message: expect.stringContaining("target out0 is not there any more"),
    });
    const { steering, attached } = seen.at(-1) ?? {};
    const [gone, other] = steering?.targets ?? [];
    expect(attached).toBe(false);
    expect(gone).toMatchObject({ target: "out0", packets: 0n });
    expect(gone?.absent).toBeGreaterThan(5n);
    expect((gone?.absent ?? 0n) + (other?.packets ?? 0n)).toBe(40n);
    expect(steering).toMatchObject({ passed: { packets: gone?.absent }, holds: true });
    expect(net.inside(() => queryXdp(INGRESS))).toEqual([]);
  });
});

/** ARP requests from the client, so that it is the network stack that receives them. */
function sendArp({ client }: BalancerNetwork, count: number): void {
  client.run("ip", ["address", "add", "192.0.2.1/24", "dev", "veth0"]);
  client.run("ip", ["neighbour", "add", "192.0.2.9", "lladdr", "02:00:00:00:00:09", "dev", "veth0"]);
  const script = `const socket = require("node:dgram").createSocket("udp4"); let sent = 0;
    const next = () => (sent++ === ${count} ? socket.close() : socket.send("x", 9, "192.0.2.9", next));
    socket.bind(40000, next);`;
  client.run(process.execPath, ["-e", script]);
}
