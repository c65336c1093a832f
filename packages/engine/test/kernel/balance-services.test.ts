import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireRoot, requireTool, runCommand } from "@weir/laboratory";
import { ethernet, type Packet } from "@weir/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ServiceConfig } from "../../src/balance/services/services-config.ts";
import { Balanced, backend, config, service } from "../balance-services/balanced.ts";
import { pcap } from "../unit/captures/capture-writer.ts";

const [DROP, PASS, TX] = [1, 2, 3];
const CLIENT = { source: "198.51.100.7", destination: "203.0.113.1" } as const;
const CLIENT6 = { source: "2001:db8:7::7", destination: "2001:db8:1::1" } as const;
const OWN = "02:00:00:00:01:01";

const toBackend = (number: number) => ({ source: OWN, destination: `02:00:00:00:02:0${number}` });

/** The number, as its hardware address has it, of the backend that a frame is sent to. */
const backendOf = (data: Uint8Array): number => data[5] ?? 0;

function connection(number: number, more: { readonly flags?: readonly ("syn" | "ack" | "fin")[] } = {}): Uint8Array {
  const source = `198.51.${100 + (number >> 14)}.${(number >> 8) & 63}`;
  return ethernet()
    .ipv4({ ...CLIENT, source })
    .tcp({ sourcePort: 1024 + (number & 255), destinationPort: 80, ...more })
    .toBytes();
}

describe.skipIf(requireRoot())("the load balancer", () => {
  test.for([
    ["mac", "plain"],
    ["tunnel", "plain"],
    ["mac", "with options"],
    ["tunnel", "with options"],
  ] as const)("sends IPv4 by %s, %s", ([delivery, special]) => {
    using balanced = new Balanced(config([service({ delivery, backends: [backend("192.0.2.11")] })]));
    const header = { ...CLIENT, typeOfService: 0xb9, options: new Uint8Array(special === "with options" ? 8 : 0) };
    const inner = (timeToLive: number) => (frame: Packet) =>
      frame
        .ipv4({ ...header, timeToLive })
        .tcp({ destinationPort: 80 })
        .payload("some data");
    const to = ethernet(toBackend(0));
    const outer = { source: "192.0.2.1", destination: "192.0.2.11", typeOfService: 0xb9, dontFragment: true };
    for (const timeToLive of [2, 64, 255]) {
      const { verdict, data } = balanced.run(inner(timeToLive)(ethernet()));
      expect(verdict).toBe(TX);
      const expected = inner(timeToLive - 1)(delivery === "mac" ? to : to.ipv4(outer));
      expect(Buffer.from(data).toString("hex")).toBe(Buffer.from(expected.toBytes()).toString("hex"));
    }
  });

  test.for(["mac", "tunnel"] as const)("sends IPv6 by %s", (delivery) => {
    const one = service({
      address: CLIENT6.destination,
      protocol: "udp",
      port: 53,
      delivery,
      backends: [backend("2001:db8::b1")],
    });
    using balanced = new Balanced(config([one]));
    const fields = { ...CLIENT6, trafficClass: 0x2e, flowLabel: 0x12345 };
    const inner = (hopLimit: number) => (frame: Packet) =>
      frame
        .ipv6({ ...fields, hopLimit })
        .udp({ destinationPort: 53 })
        .payload("a question");
    const { verdict, data } = balanced.run(inner(64)(ethernet()));
    expect(verdict).toBe(TX);
    const to = ethernet(toBackend(0));
    const outer = { ...fields, source: "2001:db8::1", destination: "2001:db8::b1", hopLimit: 64 };
    const expected = inner(63)(delivery === "mac" ? to : to.ipv6(outer));
    expect(Buffer.from(data).toString("hex")).toBe(Buffer.from(expected.toBytes()).toString("hex"));
  });

  test("keeps the checksum right for every sum that it can have", () => {
    using balanced = new Balanced(config([service({ backends: [backend("192.0.2.11")] })]));
    for (let identification = 0; identification < 65_536; identification += 13) {
      const make = (timeToLive: number, addresses: { source?: string; destination?: string } = {}) =>
        ethernet(addresses)
          .ipv4({ ...CLIENT, identification, timeToLive })
          .tcp({ destinationPort: 80 })
          .toBytes();
      const { data } = balanced.run(make(64));
      if (Buffer.compare(data, make(63, toBackend(0))) !== 0) expect.fail(`identification ${identification}`);
    }
  });

  test.skipIf(requireTool("tshark"))("sends nothing that tshark finds wrong", () => {
    const backends = [backend("192.0.2.11"), backend("192.0.2.12")];
    const backends6 = [backend("2001:db8::b1")];
    // Ports of no protocol that tshark would look into.
    const port = 61_000;
    const services: ServiceConfig[] = [
      service({ port, backends }),
      service({ port: port + 1, delivery: "tunnel", backends }),
      service({ address: CLIENT6.destination, port, backends: backends6 }),
      service({ address: CLIENT6.destination, port: port + 1, delivery: "tunnel", backends: backends6 }),
    ];
    using balanced = new Balanced(config(services));
    const frames = Array.from({ length: 200 }, (_, number) => {
      const tcp = { sourcePort: 61_500 + number, destinationPort: port + ((number >> 1) & 1) };
      const ip = number & 1 ? ethernet().ipv4({ ...CLIENT, timeToLive: 2 + number }) : ethernet().ipv6(CLIENT6);
      return balanced.run(ip.tcp(tcp).payload(number * 5)).data;
    });
    const folder = mkdtempSync(join(tmpdir(), "balance-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "sent.pcap");
    writeFileSync(file, pcap(frames));
    const check = ["ip", "tcp"].flatMap((name) => ["-o", `${name}.check_checksum:TRUE`]);
    const shown = (filter: string) =>
      runCommand("tshark", ["-r", file, ...check, "-Y", filter])
        .split("\n")
        .filter((line) => line !== "").length;
    expect(shown("_ws.malformed or ip.checksum.status == Bad or tcp.checksum.status == Bad")).toBe(0);
    expect(shown("tcp.checksum.status == Good and (ipv6 or ip.checksum.status == Good)")).toBe(200);
    expect(shown("ip.proto == 4 or ipv6.nxt == 41")).toBe(100);
  });

  test("passes on, untouched, what is for no service", () => {
    using balanced = new Balanced(
      config([
        service({}),
        service({ address: CLIENT6.destination, protocol: "udp", port: 53, backends: [backend("2001:db8::b1")] }),
      ]),
    );
    const others: readonly Packet[] = [
      ethernet().arp(),
      ethernet().ipv4(CLIENT).tcp({ destinationPort: 81 }),
      ethernet().ipv4(CLIENT).udp({ destinationPort: 80 }),
      ethernet()
        .ipv4({ ...CLIENT, destination: "203.0.113.2" })
        .tcp({ destinationPort: 80 }),
      ethernet().ipv4(CLIENT).icmp(),
      // Packets that are in a tunnel already, or that come in with a tag.
      ethernet().ipv4(CLIENT).ipv4(CLIENT).tcp({ destinationPort: 80 }),
      ethernet().vlan(5).ipv4(CLIENT).tcp({ destinationPort: 80 }),
      ethernet().ipv6(CLIENT6).tcp({ destinationPort: 53 }),
      ethernet()
        .ipv6({ ...CLIENT6, destination: "2001:db8:1::2" })
        .udp({ destinationPort: 53 }),
      ethernet().ipv6(CLIENT6).icmpv6(),
      ethernet()
        .ipv4({ ...CLIENT, totalLength: 39 })
        .tcp({ destinationPort: 80 }),
      ethernet()
        .ipv4({ ...CLIENT, headerLength: 4 })
        .tcp({ destinationPort: 80 }),
    ];
    for (const packet of others) {
      const { verdict, data } = balanced.run(packet);
      expect(verdict).toBe(PASS);
      expect(Buffer.from(data).toString("hex")).toBe(Buffer.from(packet.toBytes()).toString("hex"));
    }
    expect(balanced.loaded.maps.balance()).toMatchObject({ passed: BigInt(others.length), transmitted: 0n });
    expect(balanced.snapshot().map(({ packets }) => packets)).toEqual([0n, 0n]);
  });

  test("passes on what is for another machine, or for all", () => {
    using balanced = new Balanced(config([service({})]));
    for (const destination of ["ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "02:00:00:00:00:03", "02:99:00:00:00:02"]) {
      const frame = ethernet({ destination }).ipv4(CLIENT).tcp({ destinationPort: 80 });
      const { verdict, data } = balanced.run(frame);
      expect(verdict).toBe(PASS);
      expect(Buffer.from(data).toString("hex")).toBe(Buffer.from(frame.toBytes()).toString("hex"));
    }
  });

  test("does not answer senders that are no host", () => {
    const large = (source: string) =>
      ethernet()
        .ipv4({ ...CLIENT, source })
        .udp({ destinationPort: 53 })
        .payload("x".repeat(1460));
    using balanced = new Balanced(config([service({ protocol: "udp", port: 53, delivery: "tunnel" })]));
    const verdicts = ["198.51.100.7", "224.0.0.1", "255.255.255.255", "127.0.0.1", "0.0.0.0"].map(
      (source) => balanced.run(large(source)).verdict,
    );
    expect(verdicts).toEqual([TX, DROP, DROP, DROP, DROP]);
  });

  test("passes on fragments and extension headers for a service, and counts them", () => {
    using balanced = new Balanced(
      config([service({}), service({ address: CLIENT6.destination, backends: [backend("2001:db8::b1")] })]),
    );
    const port = { destinationPort: 80 };
    const parts: readonly Packet[] = [
      ethernet()
        .ipv4({ ...CLIENT, moreFragments: true })
        .tcp(port),
      ethernet()
        .ipv4({ ...CLIENT, fragmentOffset: 64, protocol: 6 })
        .payload(64),
      ethernet().ipv6(CLIENT6).fragment({ moreFragments: true }).tcp(port),
      ethernet().ipv6(CLIENT6).extension("destinationOptions").tcp(port),
      ethernet()
        .ipv4({ ...CLIENT, destination: "203.0.113.9", moreFragments: true })
        .tcp(port),
    ];
    for (const packet of parts) {
      const { verdict, data } = balanced.run(packet);
      expect(verdict).toBe(PASS);
      expect(Buffer.compare(data, packet.toBytes())).toBe(0);
    }
    expect(balanced.loaded.maps.balance()).toMatchObject({ fragments: 3n, extension_headers: 1n, passed: 5n });
  });

  test("passes on what has used up its TTL, and counts it", () => {
    using balanced = new Balanced(config([service({})]));
    for (const timeToLive of [0, 1]) {
      const packet = ethernet()
        .ipv4({ ...CLIENT, timeToLive })
        .tcp({ destinationPort: 80 });
      expect(balanced.run(packet).verdict).toBe(PASS);
    }
    expect(balanced.snapshot()[0]?.events.ttlExpired).toBe(2n);
  });

  test("prefers the service of a port to the one of all ports", () => {
    const all = service({ port: "all", backends: [backend("192.0.2.13")] });
    using balanced = new Balanced(config([service({ backends: [backend("192.0.2.11")] }), all]));
    const to = (destinationPort: number) =>
      backendOf(balanced.run(ethernet().ipv4(CLIENT).tcp({ destinationPort })).data);
    expect([to(80), to(81), to(1), to(65_535)]).toEqual([0, 1, 1, 1]);
    expect(balanced.snapshot().map(({ packets }) => packets)).toEqual([1n, 3n]);
  });

  test("spreads 10,000 connections within 5 % of the weights, and keeps each on its backend", () => {
    const weights = [1, 2, 3, 4];
    const backends = weights.map((weight, index) => backend(`192.0.2.${11 + index}`, { weight }));
    // Room for all of them: eight to a line, and lines fill unevenly.
    const connections = { capacity: 65_536, idle: 300 };
    // A seed, because chance alone gives a share of a tenth a standard deviation of 3 %.
    using balanced = new Balanced(config([service({ backends })], { connections, seed: "spread" }));
    const chosen = Array.from({ length: 10_000 }, (_, number) => backendOf(balanced.run(connection(number)).data));
    for (const [index, weight] of weights.entries()) {
      const share = chosen.filter((number) => number === index).length / 10_000;
      expect(Math.abs(share / (weight / 10) - 1)).toBeLessThan(0.05);
    }
    const again = chosen.map((_, number) => backendOf(balanced.run(connection(number, { flags: ["ack"] })).data));
    expect(again).toEqual(chosen);
    const [snapshot] = balanced.snapshot();
    expect(snapshot).toMatchObject({ packets: 20_000n, newFlows: 10_000n, flows: 10_000 });
    const { frames } = balanced.stats();
    const { passed, dropped, transmitted, redirected } = balanced.loaded.maps.balance();
    expect(passed + dropped + transmitted + redirected).toBe(frames);
  });

  test("takes nothing but its own connections from a backend that is down, and gives new ones to the others", () => {
    const backends = [1, 2, 3, 4].map((number) => backend(`192.0.2.${10 + number}`));
    using balanced = new Balanced(config([service({ backends })]));
    const run = (number: number, flags: readonly ("syn" | "ack")[]) =>
      backendOf(balanced.run(connection(number, { flags })).data);
    const before = Array.from({ length: 5000 }, (_, number) => run(number, ["syn"]));
    const [only] = balanced.set.services;
    const down = [...(only?.backends.values() ?? [])].find(({ number }) => number === 2);
    if (only === undefined || down === undefined) throw new Error("there is no such backend");
    down.health = { ...down.health, up: false };
    only.update();
    const after = before.map((_, number) => run(number, ["ack"]));
    for (const [number, backendBefore] of before.entries()) {
      if (backendBefore === 2) expect(after[number]).not.toBe(2);
      else expect(after[number]).toBe(backendBefore);
    }
    expect(balanced.snapshot()[0]?.events.moved).toBe(BigInt(before.filter((number) => number === 2).length));
    // Flows that are not remembered: also of those, only the lost backend's have moved.
    const unknown = (start: number) => Array.from({ length: 2000 }, (_, number) => run(start + number, ["syn"]));
    expect(unknown(20_000)).not.toContain(2);
    down.health = { ...down.health, up: true };
    only.update();
    expect(unknown(30_000).filter((number) => number === 2).length).toBeGreaterThan(400);
  });

  test("lets a drained backend finish what it has, and gives it nothing new", () => {
    const backends = [backend("192.0.2.11"), backend("192.0.2.12")];
    using balanced = new Balanced(config([service({ backends })]));
    const run = (number: number, flags: readonly ("syn" | "ack" | "fin")[]) =>
      backendOf(balanced.run(connection(number, { flags })).data);
    const before = Array.from({ length: 1000 }, (_, number) => run(number, ["syn"]));
    balanced.apply(config([service({ backends: [backend("192.0.2.11"), backend("192.0.2.12", { drain: true })] })]));
    expect(before.map((_, number) => run(number, ["ack"]))).toEqual(before);
    expect(before.map((_, number) => run(number, ["fin", "ack"]))).toEqual(before);
    expect(new Set(Array.from({ length: 1000 }, (_, number) => run(5000 + number, ["syn"])))).toEqual(new Set([0]));
    // The same ports for a new connection: that is a new one, too.
    expect(new Set(before.map((_, number) => run(number, ["syn"])))).toEqual(new Set([0]));
    expect(balanced.snapshot()[0]?.backends.map(({ state }) => state)).toEqual(["up", "draining"]);
  });

  test("moves no connection when backends are added and removed, and counts what the removed ones did", () => {
    const list = (...numbers: readonly number[]) => [
      service({ backends: numbers.map((number) => backend(`192.0.2.${number}`)) }),
    ];
    using balanced = new Balanced(config(list(11, 12, 13)));
    const run = (number: number, flags: readonly ("syn" | "ack")[]) =>
      backendOf(balanced.run(connection(number, { flags })).data);
    const before = Array.from({ length: 3000 }, (_, number) => run(number, ["syn"]));
    balanced.apply(config(list(11, 12, 13, 14, 15)));
    expect(before.map((_, number) => run(number, ["ack"]))).toEqual(before);
    expect(new Set(Array.from({ length: 1000 }, (_, number) => run(4000 + number, ["syn"]))).size).toBe(5);
    balanced.apply(config(list(12, 13, 14, 15)));
    const after = before.map((_, number) => run(number, ["ack"]));
    for (const [number, backendBefore] of before.entries()) {
      if (backendBefore === 0) expect(after[number]).not.toBe(0);
      else expect(after[number]).toBe(backendBefore);
    }
    expect(balanced.snapshot()[0]?.packets).toBe(10_000n);
    // The number of the one that went is given again, with nothing of it left.
    balanced.apply(config(list(12, 13, 14, 15, 21, 22, 23)));
    const added = balanced.snapshot()[0]?.backends.filter(({ address }) => Number(address.slice(-2)) > 20);
    expect(added?.map(({ packets, flows }) => [packets, flows])).toEqual([
      [0n, 0],
      [0n, 0],
      [0n, 0],
    ]);
  });

  test.for([
    ["drop", DROP],
    ["pass", PASS],
  ] as const)("can %s when no backend is up", ([allDown, expected]) => {
    using balanced = new Balanced(config([service({ allDown })]));
    const [only] = balanced.set.services;
    for (const one of only?.backends.values() ?? []) one.health = { ...one.health, up: false };
    only?.update();
    const packet = connection(1);
    const { verdict, data } = balanced.run(packet);
    expect(verdict).toBe(expected);
    expect(Buffer.compare(data, packet)).toBe(0);
    expect(balanced.snapshot()[0]?.events.noBackend).toBe(1n);
  });

  test("goes on by the Maglev table alone when the table of connections is full, and counts that", () => {
    using balanced = new Balanced(config([service({})], { connections: { capacity: 8, idle: 300 } }));
    const run = (number: number) => backendOf(balanced.run(connection(number)).data);
    const first = Array.from({ length: 100 }, (_, number) => run(number));
    expect(Array.from({ length: 100 }, (_, number) => run(number))).toEqual(first);
    expect(new Set(first).size).toBe(2);
    const [snapshot] = balanced.snapshot();
    expect(snapshot?.flows).toBe(8);
    expect(snapshot?.events.tableFull).toBe(2n * 92n);
  });

  // With these seeds, connections of ports or addresses that follow each other have hashes that are close together.
  test.for(["84", "446", "2303"])("spreads connections over its table with seed %s", (seed) => {
    using balanced = new Balanced(config([service({})], { seed }));
    for (let number = 0; number < 3000; number++) balanced.run(connection(number));
    const [snapshot] = balanced.snapshot();
    expect(snapshot?.events.tableFull).toBe(0n);
    expect(snapshot?.flows).toBe(3000);
  });

  test("finds every one of 200 services, and none that was removed", () => {
    const services = Array.from({ length: 200 }, (_, index) =>
      service({
        name: `${index}`,
        address: `203.0.${index >> 3}.1`,
        port: 8000 + (index & 7),
        backends: [backend("192.0.2.11")],
      }),
    );
    using balanced = new Balanced(config(services));
    const verdicts = () =>
      services.map(({ address, port }) => {
        const packet = ethernet()
          .ipv4({ ...CLIENT, destination: address })
          .tcp({ destinationPort: Number(port) });
        return balanced.run(packet).verdict;
      });
    expect(new Set(verdicts())).toEqual(new Set([TX]));
    for (let round = 0; round < 5; round++) {
      balanced.apply(config(services.filter((_, index) => index % 3 === round % 3)));
      expect(verdicts()).toEqual(services.map((_, index) => (index % 3 === round % 3 ? TX : PASS)));
    }
  });

  test.for([4, 6] as const)(
    "sends ICMP errors of IPv%i to the backend that they are for, and remembers nothing by them",
    (version) => {
      const address = version === 4 ? CLIENT.destination : CLIENT6.destination;
      const numbers = [1, 2, 3, 4];
      const backends = numbers.map((number) =>
        backend(version === 4 ? `192.0.2.${10 + number}` : `2001:db8::b${number}`),
      );
      using balanced = new Balanced(config([service({ address, backends })]));
      const [client, router] = version === 4 ? [CLIENT.source, "198.51.100.254"] : [CLIENT6.source, "2001:db8:7::fe"];
      const ip = (frame: Packet, fields: { source: string; destination: string }) =>
        version === 4 ? frame.ipv4(fields) : frame.ipv6(fields);
      const from = (sourcePort: number) =>
        ip(ethernet(), { source: client, destination: address }).tcp({ sourcePort, destinationPort: 80 });
      /** What a router says of a packet that a backend has sent to a client. */
      const error = (destinationPort: number, type = version === 4 ? 3 : 2) => {
        const about = ip(ethernet(), { source: address, destination: client })
          .tcp({ sourcePort: 80, destinationPort, flags: ["ack"] })
          .payload(100);
        const outer = ip(ethernet(), { source: router, destination: address });
        const icmp = { type, code: version === 4 ? 4 : 0, sequence: 1400 };
        return (version === 4 ? outer.icmp(icmp) : outer.icmpv6(icmp)).payload(about.toBytes().subarray(14));
      };
      const ports = Array.from({ length: 200 }, (_, index) => 2000 + index);
      const chosen = ports.map((port) => backendOf(balanced.run(from(port)).data));
      expect(new Set(chosen).size).toBe(4);
      expect(ports.map((port) => backendOf(balanced.run(error(port)).data))).toEqual(chosen);
      // Of connections that are not remembered, to where the table says, and they stay so.
      const unknown = ports.map((port) => backendOf(balanced.run(error(port + 1000)).data));
      expect(ports.map((port) => backendOf(balanced.run(from(port + 1000)).data))).toEqual(unknown);
      const [snapshot] = balanced.snapshot();
      expect(snapshot?.events.icmpErrors).toBe(400n);
      expect(snapshot?.newFlows).toBe(400n);
      for (const [destinationPort, type] of [
        // An echo request, and an answer to it, are no errors.
        [2000, version === 4 ? 8 : 128],
        [2000, version === 4 ? 0 : 129],
      ] as const) {
        expect(balanced.run(error(destinationPort, type)).verdict).toBe(PASS);
      }
      // About a packet that nobody has sent for the service, and one that is cut off in the ports.
      const other = ip(ethernet(), { source: client, destination: address })
        .tcp({ sourcePort: 80 })
        .toBytes()
        .subarray(14);
      const outer = ip(ethernet(), { source: router, destination: address });
      const type = version === 4 ? 3 : 1;
      const icmp = (payload: Uint8Array) =>
        (version === 4 ? outer.icmp({ type }) : outer.icmpv6({ type })).payload(payload);
      expect(balanced.run(icmp(other)).verdict).toBe(PASS);
      const whole = error(2000)
        .toBytes()
        .subarray(version === 4 ? 42 : 62);
      expect(balanced.run(icmp(whole.subarray(0, (version === 4 ? 20 : 40) + 6))).verdict).toBe(PASS);
      expect(balanced.run(icmp(whole)).verdict).toBe(TX);
    },
  );

  test("tells the sender of an IPv4 packet that is too large for the tunnel, as often as it may", () => {
    const one = service({ delivery: "tunnel", backends: [backend("192.0.2.11")] });
    using balanced = new Balanced(config([one]));
    const packet = (payload: number) =>
      ethernet()
        .ipv4({ ...CLIENT, dontFragment: true })
        .tcp({ destinationPort: 80, flags: ["ack"] })
        .payload(payload);
    // 1,480 bytes just get through.
    expect(balanced.run(packet(1440)).data.length).toBe(14 + 1500);
    const large = packet(1441);
    const { verdict, data } = balanced.run(large);
    expect(verdict).toBe(TX);
    const answer = ethernet({ source: "02:00:00:00:00:02", destination: "02:00:00:00:00:01" })
      .ipv4({ source: CLIENT.destination, destination: CLIENT.source, dontFragment: true })
      .icmp({ type: 3, code: 4, identifier: 0, sequence: 1480 })
      .payload(large.toBytes().subarray(14, 14 + 548))
      .toBytes();
    expect(Buffer.from(data).toString("hex")).toBe(Buffer.from(answer).toString("hex"));
    for (let count = 0; count < 500; count++) balanced.run(large);
    const events = balanced.snapshot()[0]?.events;
    expect((events?.tooBig ?? 0n) + (events?.tooBigUnsaid ?? 0n)).toBe(501n);
    // A hundred in a second and on a CPU; the test may see three seconds begin, and come to every CPU.
    expect(events?.tooBig).toBeGreaterThanOrEqual(100n);
    expect(events?.tooBigUnsaid).toBeGreaterThan(0n);
    expect(balanced.snapshot()[0]?.packets).toBe(1n);
  });

  test("tells the sender of an IPv6 packet that is too large for the tunnel", () => {
    const one = service({ address: CLIENT6.destination, delivery: "tunnel", backends: [backend("2001:db8::b1")] });
    using balanced = new Balanced(config([one]));
    const packet = (payload: number, byte = 0) =>
      ethernet()
        .ipv6(CLIENT6)
        .tcp({ destinationPort: 80, flags: ["ack"] })
        .payload(new Uint8Array(payload).fill(byte));
    expect(balanced.run(packet(1400)).data.length).toBe(14 + 1500);
    for (const byte of [0, 0x5a, 0xff]) {
      const large = packet(1401 + byte / 5, byte);
      const { verdict, data } = balanced.run(large);
      expect(verdict).toBe(TX);
      const answer = ethernet({ source: "02:00:00:00:00:02", destination: "02:00:00:00:00:01" })
        .ipv6({ source: CLIENT6.destination, destination: CLIENT6.source })
        .icmpv6({ type: 2, code: 0, identifier: 0, sequence: 1460 })
        .payload(large.toBytes().subarray(14, 14 + 1232))
        .toBytes();
      expect(Buffer.from(data).toString("hex")).toBe(Buffer.from(answer).toString("hex"));
    }
    expect(balanced.snapshot()[0]?.events.tooBig).toBe(3n);
  });

  test("chooses the same backends as another one with the same seed", () => {
    const backends = [1, 2, 3, 4].map((number) => backend(`192.0.2.${10 + number}`));
    const make = (seed: string) => new Balanced(config([service({ backends })], { seed }));
    using first = make("a");
    using second = make("a");
    using other = make("b");
    const choices = (balanced: Balanced) =>
      Array.from({ length: 500 }, (_, number) => backendOf(balanced.run(connection(number)).data));
    expect(choices(second)).toEqual(choices(first));
    expect(choices(other)).not.toEqual(choices(first));
  });
});
