import { requireRoot } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { attach, check, detach, replay, stats, status, watch } from "../../src/index.ts";
import { captureFile, pcap } from "../unit/captures/capture-writer.ts";
import { watchedVeth } from "./watched-veth.ts";

describe.skipIf(requireRoot())("a sampling monitor", () => {
  test("estimates connections of sampled packets, with the error of the estimate, beside exact totals", () => {
    using veth = watchedVeth();
    using monitor = veth.inside(() => watch(veth.name, { sample: "1/4" }));
    veth.send(2000, 100);
    const [snapshot] = monitor.snapshot();
    expect(snapshot?.sampling).toEqual({ by: "packets", rate: 4, budget: undefined });
    expect(snapshot?.counters.udp).toBe(2000n);
    const sampledOut = snapshot?.counters.sampled_out ?? 0n;
    expect(snapshot?.identity).toMatchObject({ holds: true, exact: true, accounted: 2000n - sampledOut, sampledOut });
    const udp = snapshot?.connections.find(({ protocol }) => protocol.name === "udp");
    const sampled = Number(snapshot?.identity.accounted);
    expect(udp).toMatchObject({ packets: BigInt(sampled * 4), bytes: BigInt(sampled * 4 * 142) });
    // The variance of an estimate n/p is n(1-p)/p².
    expect(udp?.standardError?.packets).toBeCloseTo(Math.sqrt(sampled * 12), 6);
    expect(udp?.standardError?.bytes).toBeCloseTo(Math.sqrt(sampled * 12) * 142, 6);
    // Six standard errors: once in half a billion.
    expect(Math.abs(sampled * 4 - 2000)).toBeLessThan(6 * Math.sqrt(2000 * 3));
    expect(sampled).toBeGreaterThan(0);
  });

  test("keeps what idle connections had as estimates", async () => {
    using veth = watchedVeth();
    using monitor = veth.inside(() => watch(veth.name, { sample: "1/2", idle: 0.1 }));
    veth.send(100);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const [snapshot] = monitor.snapshot();
    const { packets = 0n, standardError } = snapshot?.evicted ?? {};
    expect(packets).toBe(2n * (snapshot?.identity.accounted ?? 0n));
    expect(standardError?.packets).toBeCloseTo(Math.sqrt(Number(packets)), 6);
    expect(snapshot?.identity).toMatchObject({ holds: true, exact: true });
  });

  test("counts whole connections, and estimates how many there are", async () => {
    const frames = Array.from({ length: 3000 }, (_, index) =>
      ethernet()
        .ipv4()
        .udp({ sourcePort: 1000 + (index % 1000) })
        .toBytes(),
    );
    using file = captureFile(pcap(frames));
    const { counters, connections, sampling, tracked } = await replay(file.path, { sample: "flow:1/5" });
    expect(connections.length).toBe(tracked);
    for (const connection of connections) expect(connection).toMatchObject({ packets: 3n });
    for (const connection of connections) expect(connection).not.toHaveProperty("standardError");
    expect(counters).toMatchObject({ frames: 3000n, udp: 3000n, sampled_out: 3000n - BigInt(tracked * 3) });
    const standardError = Math.sqrt(tracked * 5 * 4);
    expect(sampling).toEqual({ by: "flows", rate: 5, connections: tracked * 5, standardError });
    expect(Math.abs(tracked * 5 - 1000)).toBeLessThan(6 * Math.sqrt(1000 * 4));
    const packets = await replay(file.path, { sample: "1/5" });
    expect(packets.sampling).toEqual({ by: "packets", rate: 5, budget: undefined });
    expect(packets.connections[0]?.standardError?.packets).toBeGreaterThan(0);
  });

  test.each(["1/4", "flow:1/2"])("says that it samples %s when it is pinned", (sample) => {
    using veth = watchedVeth();
    expect(veth.inside(() => attach(veth.name, { sample })).sample).toBe(sample);
    veth.send(500);
    expect(veth.inside(status).attached).toMatchObject([{ sample }]);
    const { sampling, identity, counters, connections } = veth.inside(() => stats(veth.name));
    expect(sampling).toMatchObject(sample === "1/4" ? { by: "packets", rate: 4 } : { by: "flows", rate: 2 });
    expect(counters.udp).toBe(500n);
    expect(connections.some(({ standardError }) => standardError !== undefined)).toBe(sample === "1/4");
    expect(identity).toMatchObject({ holds: true, exact: true });
    expect(veth.inside(() => check(veth.name))).toMatchObject({ holds: true, sampledOut: counters.sampled_out });
    veth.inside(() => detach(veth.name));
  });

  test("with a budget samples less while it is expensive, until it is closed", async () => {
    using veth = watchedVeth();
    using monitor = veth.inside(() => watch(veth.name, { budget: "50%" }));
    const [first] = monitor.snapshot();
    expect(first?.sampling).toMatchObject({ by: "packets", budget: { share: 0.5, used: 0, exceeded: false } });
    veth.send(100);
    // Nothing near the budget: all packets are counted soon.
    const rate = () => monitor.snapshot().map(({ sampling }) => sampling?.rate);
    await expect.poll(rate, { timeout: 5000 }).toEqual([1]);
    const before = monitor.snapshot()[0]?.counters.udp ?? 0n;
    veth.send(100);
    const [last] = monitor.snapshot();
    expect(last?.counters.udp).toBe(before + 100n);
    expect(last?.identity).toMatchObject({ holds: true, exact: true });
    monitor.close();
    monitor.close();
  });
});
