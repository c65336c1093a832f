import { be32, struct, u32 } from "@weir/bytecode/layout";
import { ethernet, loadForTest, type ObjectUnderTest } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { Bucket, Count, Match, Network, Opening, Packets } from "../../records.ts";

const load = (name: string, options?: Parameters<typeof loadForTest>[1]): Promise<ObjectUnderTest> =>
  loadForTest(new URL(`../../${name}.bpf.ts`, import.meta.url), options);

/** 192.0.2.7 */
const SENDER = 0xc000_0207;
const dns = ethernet().ipv4({ source: "192.0.2.7", destination: "198.51.100.1" }).udp({ destinationPort: 53 });
const web = ethernet().ipv4({ source: "192.0.2.7", destination: "198.51.100.1" }).tcp({ destinationPort: 80 });

test("count: each packet and its bytes", async () => {
  using object = await load("count");
  for (const packet of [dns, web]) expect(object.program().run(packet).verdict).toBe("pass");
  expect(object.variable("total", Count)).toEqual({
    packets: 2n,
    bytes: BigInt(dns.toBytes().length + web.toBytes().length),
  });
});

describe("drop-port", () => {
  test("drops the port and nothing else", async () => {
    using object = await load("drop-port");
    expect(object.program().run(dns).verdict).toBe("drop");
    expect(object.program().run(web).verdict).toBe("pass");
    expect(object.variable("dropped", Packets)).toEqual({ packets: 1n });
  });

  test("drops the port that it is told", async () => {
    using object = await load("drop-port", { config: { port: 123 } });
    expect(object.program().run(dns).verdict).toBe("pass");
    expect(object.program().run(ethernet().ipv4().udp({ destinationPort: 123 })).verdict).toBe("drop");
  });
});

test("match: an address, a protocol and a port together, or all ports", async () => {
  using object = await load("match");
  const rules = object.hashMap("RULES", { key: Match, value: Packets });
  const other = ethernet().ipv4({ source: "192.0.2.7" }).udp({ destinationPort: 123 });
  rules.set({ source: SENDER, port: 53, protocol: 17 }, { packets: 0n });
  expect([dns, other, web].map((packet) => object.program().run(packet).verdict)).toEqual(["drop", "pass", "pass"]);
  rules.set({ source: SENDER, port: 0, protocol: 17 }, { packets: 0n });
  expect([dns, other, web].map((packet) => object.program().run(packet).verdict)).toEqual(["drop", "drop", "pass"]);
  expect(rules.get({ source: SENDER, port: 53, protocol: 17 })).toEqual({ packets: 2n });
  expect(rules.get({ source: SENDER, port: 0, protocol: 17 })).toEqual({ packets: 1n });
});

test("echo: turns a packet around, with both its checksums right", async () => {
  using object = await load("echo");
  const from = { source: "192.0.2.7", destination: "198.51.100.1" };
  const to = { source: from.destination, destination: from.source };
  const ends = { source: "02:00:00:00:00:01", destination: "02:00:00:00:00:02" };
  const back = { source: ends.destination, destination: ends.source };
  const sent = ethernet(ends).ipv4(from).udp({ sourcePort: 40_000, destinationPort: 7 }).payload("hello");
  const expected = ethernet(back).ipv4(to).udp({ sourcePort: 7, destinationPort: 40_000 }).payload("hello");

  const { verdict, packet } = object.program().run(sent);
  expect(verdict).toBe("tx");
  expect(packet).toEqual(expected.toBytes());
  expect(object.program().run(dns).verdict).toBe("pass");
});

test("spread: both directions of a connection go to the same one of two CPUs, and both CPUs are used", async () => {
  using object = await load("spread", { config: { cpus: 2 } });
  object.setCpu("CPUS", 0);
  const chosen = Array.from({ length: 64 }, (_, host) => {
    const [client, server] = [`192.0.2.${host + 1}`, "198.51.100.1"];
    const there = object.program().run(ethernet().ipv4({ source: client, destination: server }).udp()).verdict;
    const back = object.program().run(ethernet().ipv4({ source: server, destination: client }).udp()).verdict;
    expect(back).toBe(there);
    return there;
  });
  // CPU 1 is not in the map, so what is meant for it passes.
  expect(new Set(chosen)).toEqual(new Set(["redirect", "pass"]));
});

test("spread: packets go to a CPU that is in the map", async () => {
  using object = await load("spread", { config: { cpus: 1 } });
  expect(object.program().run(dns).verdict).toBe("pass");
  object.setCpu("CPUS", 0);
  expect(object.program().run(dns).verdict).toBe("redirect");
});

test("events: one for each connection that is opened", async () => {
  using object = await load("events");
  const opening = ethernet()
    .ipv4({ source: "192.0.2.7", destination: "198.51.100.1" })
    .tcp({ sourcePort: 40_000, destinationPort: 80, flags: ["syn"] });
  for (const packet of [opening, dns, opening]) object.program().run(packet);
  expect(object.takeEvents("EVENTS", Opening)).toEqual(
    Array.from({ length: 2 }, () => ({
      time: expect.any(BigInt),
      source: SENDER,
      destination: 0xc633_6401,
      sourcePort: 40_000,
      destinationPort: 80,
    })),
  );
});

test("block-list: the smallest network counts", async () => {
  using object = await load("block-list");
  const networks = object.lpmMap("NETWORKS", { key: struct({ prefixLength: u32, address: be32 }), value: Network });
  networks.set({ prefixLength: 24, address: 0xc000_0200 }, { packets: 0n, verdict: 1 });
  expect(object.program().run(dns).verdict).toBe("drop");
  networks.set({ prefixLength: 31, address: 0xc000_0206 }, { packets: 0n, verdict: 2 });
  expect(object.program().run(dns).verdict).toBe("pass");
  expect(object.program().run(ethernet().ipv4({ source: "192.0.2.9" }).udp()).verdict).toBe("drop");
  expect(object.program().run(ethernet().ipv4({ source: "192.0.3.1" }).udp()).verdict).toBe("pass");
  expect(networks.get({ prefixLength: 24, address: 0xc000_0200 })).toEqual({ packets: 2n, verdict: 1 });
});

test("rate-limit: a burst passes, what is too fast does not", async () => {
  using object = await load("rate-limit", { config: { per_second: 1, burst: 3 } });
  const verdicts = Array.from({ length: 5 }, () => object.program().run(dns).verdict);
  expect(verdicts).toEqual(["pass", "pass", "pass", "drop", "drop"]);
  const buckets = object.hashMap("BUCKETS", { key: be32, value: Bucket });
  expect(buckets.get(SENDER)?.dropped).toBe(2n);
  expect(object.program().run(ethernet().ipv4({ source: "192.0.2.8" }).udp()).verdict).toBe("pass");
});

test("chain: one program after the other", async () => {
  using object = await load("chain");
  const program = object.program("chain");
  expect(program.run(ethernet().arp()).verdict).toBe("drop");
  expect(program.run(ethernet().ipv4({ timeToLive: 0 }).tcp()).verdict).toBe("drop");
  expect(program.run(dns).verdict).toBe("drop");
  expect(program.run(web).verdict).toBe("pass");
  object.setProgram("AFTER_LIFETIME", 0, undefined);
  expect(program.run(dns).verdict).toBe("pass");
});

test("per-cpu: packets by protocol", async () => {
  using object = await load("per-cpu");
  for (const packet of [dns, dns, web]) object.program().run(packet);
  const protocols = object.perCpuArrayMap("PROTOCOLS", Count);
  expect(protocols.total(17)).toEqual({ packets: 2n, bytes: BigInt(2 * dns.toBytes().length) });
  expect(protocols.total(6)).toEqual({ packets: 1n, bytes: BigInt(web.toBytes().length) });
});
