import { withConfig } from "@weir/bytecode";
import { requireRoot, requireTool } from "@weir/laboratory";
import { ethernet, type Packet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { cpusObject, FLOW_WAYS } from "../../src/index.ts";
import { LoadedSteering } from "../loaded-steering.ts";
import { randomFrame, randomNumbers, samples } from "../random-frames.ts";
import { compileC } from "../twin/compile-c.ts";

const SLOTS = 8192;
const REDIRECT = 4;
const settings = { flow_buckets: SLOTS / FLOW_WAYS, connections: 4000, sections: 64, idle_ns: 0 };
const macros = { SLOTS, CONNECTIONS: 4000, SECTIONS: 64, IDLE_NS: 0 };

/** Both targets are CPU 0, by two numbers, so that any machine will do; nothing is really redirected in a test run. */
function steering(targets = 2, configs: Readonly<Record<string, bigint>> = {}): LoadedSteering {
  const spec = withConfig(cpusObject(), { ...settings, ...configs, targets });
  return new LoadedSteering(spec, Array(targets).fill(0), SLOTS * 64);
}

/** Which target a frame goes to: 0 for none. */
function targetOf(loaded: LoadedSteering, packet: Packet): number {
  const before = loaded.targets();
  const { verdict } = loaded.program.testRun({ data: packet.toBytes() });
  const after = loaded.targets();
  const target = after.findIndex(({ packets }, index) => packets !== before[index]?.packets);
  expect(verdict).toBe(target === 0 ? 2 : REDIRECT);
  return target;
}

describe.skipIf(requireRoot())("the steering program", () => {
  test.skipIf(requireTool("clang"))("chooses as its twin in C does, over 50,000 random frames", () => {
    using weir = steering();
    using twin = new LoadedSteering(compileC("steer.c", macros), [0, 0], SLOTS * 64);
    const random = randomNumbers(0x5eed);
    for (let count = 0; count < 50_000; count++) {
      const data = randomFrame(random);
      const { verdict } = weir.program.testRun({ data });
      if (verdict !== twin.program.testRun({ data }).verdict) expect.fail(`frame ${Buffer.from(data).toString("hex")}`);
    }
    expect(weir.targets()).toEqual(twin.targets());
    expect(weir.frames()).toBe(50_000n);
    // Each frame has one verdict.
    expect(weir.targets().reduce((sum, { packets }) => sum + packets, 0n)).toBe(50_000n);
    for (const { packets, absent } of weir.targets()) {
      expect(packets).toBeGreaterThan(5000n);
      expect(absent).toBe(0n);
    }
  });

  test("gives both directions of a connection to one target, and spreads connections evenly", () => {
    const random = randomNumbers(7);
    using loaded = steering(4);
    const counts = [0, 0, 0, 0, 0];
    for (let flow = 0; flow < 2000; flow++) {
      const [source, destination] = [`10.0.${random(4)}.${random(250)}`, `192.0.2.${1 + random(3)}`];
      const [sourcePort, destinationPort] = [1024 + random(60_000), random(2) === 0 ? 80 : 443];
      const forth = { sourcePort, destinationPort };
      const back = { sourcePort: destinationPort, destinationPort: sourcePort };
      const pair =
        flow % 2 === 0
          ? [
              ethernet().ipv4({ source, destination }).tcp(forth),
              ethernet().ipv4({ source: destination, destination: source }).tcp(back),
            ]
          : [
              ethernet()
                .ipv6({ source: `2001:db8::${source}`, destination: `2001:db8::${destination}` })
                .udp(forth),
              ethernet()
                .ipv6({ source: `2001:db8::${destination}`, destination: `2001:db8::${source}` })
                .udp(back),
            ];
      const [there, again] = pair.map((packet) => targetOf(loaded, packet));
      expect(again).toBe(there);
      counts[there ?? 0] = (counts[there ?? 0] ?? 0) + 1;
    }
    expect(counts[0]).toBe(0);
    // 500 each, and a standard deviation of 19.
    for (const count of counts.slice(1)) expect(Math.abs(count - 500)).toBeLessThan(100);
  });

  test("keeps the fragments of a datagram together, in both directions", () => {
    using loaded = steering(8);
    for (let host = 1; host < 40; host++) {
      const ends = { source: `192.0.2.${host}`, destination: "198.51.100.1" };
      const back = { source: ends.destination, destination: ends.source };
      const ports = { sourcePort: 4000 + host, destinationPort: 53 };
      const first = targetOf(
        loaded,
        ethernet()
          .ipv4({ ...ends, moreFragments: true })
          .udp(ports)
          .payload(16),
      );
      expect(
        targetOf(
          loaded,
          ethernet()
            .ipv4({ ...ends, fragmentOffset: 3, protocol: 17 })
            .payload(16),
        ),
      ).toBe(first);
      expect(
        targetOf(
          loaded,
          ethernet()
            .ipv4({ ...back, fragmentOffset: 3, protocol: 17 })
            .payload(16),
        ),
      ).toBe(first);
      const ends6 = { source: `2001:db8::${host}`, destination: "2001:db8:1::1" };
      const first6 = targetOf(loaded, ethernet().ipv6(ends6).fragment({ moreFragments: true }).udp(ports).payload(16));
      expect(targetOf(loaded, ethernet().ipv6(ends6).fragment({ offset: 3 }).payload(24))).toBe(first6);
    }
  });

  test("chooses otherwise with other keys", () => {
    using one = steering(2);
    using other = steering(2, { hash_key_0: 0x1234_5678_9abc_def1n, hash_key_1: 0xfedc_ba98_7654_3211n });
    const choices = (loaded: LoadedSteering) =>
      Array.from({ length: 40 }, (_, flow) =>
        targetOf(
          loaded,
          ethernet()
            .ipv4()
            .tcp({ sourcePort: 2000 + flow }),
        ),
      );
    expect(choices(one)).not.toEqual(choices(other));
  });

  test("spreads connections from ports that follow each other also with factors that keep these together", () => {
    using loaded = steering(2, { hash_key_0: 0x0000_0051_9e37_79b9n, hash_key_1: 0x0000_0037_c2b2_ae3dn });
    const counts = [0, 0, 0];
    for (let flow = 0; flow < 400; flow++) {
      const target = targetOf(
        loaded,
        ethernet()
          .ipv4()
          .tcp({ sourcePort: 2000 + flow }),
      );
      counts[target] = (counts[target] ?? 0) + 1;
    }
    // 200 each, and a standard deviation of 10.
    for (const count of counts.slice(1)) expect(Math.abs(count - 200)).toBeLessThan(60);
  });

  test("passes on what is in no connection, and what should go to a CPU that was taken out", () => {
    using loaded = steering();
    expect(targetOf(loaded, ethernet().arp())).toBe(0);
    expect(targetOf(loaded, ethernet({ etherType: 0x88cc }).payload(50))).toBe(0);
    loaded.cpus.delete(0);
    for (const sample of samples) loaded.program.testRun({ data: sample.toBytes() });
    const [here, ...others] = loaded.targets();
    expect(here?.packets).toBe(BigInt(samples.length + 2));
    expect(others.reduce((sum, { absent }) => sum + absent, 0n)).toBe(BigInt(samples.length - 3));
    expect(others.every(({ packets }) => packets === 0n)).toBe(true);
  });

  test("costs the verifier little", () => {
    using loaded = steering();
    expect(loaded.program.info().verifiedInstructions).toBeLessThan(80_000);
  });
});
