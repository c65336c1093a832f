import { ethernet, loadForTest } from "@weir/testing";
import { expect, test } from "vitest";
import { Dropped } from "../src/records.ts";

const source = new URL("../src/kernel/drop-port.bpf.ts", import.meta.url);
const udpTo = (destinationPort: number) => ethernet().ipv4().udp({ destinationPort });

test("drops UDP to the port, and counts it", async () => {
  using object = await loadForTest(source);
  const program = object.program("drop_port");
  expect(program.run(udpTo(53).payload("who?")).verdict).toBe("drop");
  expect(program.run(udpTo(53)).verdict).toBe("drop");
  expect(object.perCpuArrayMap("DROPPED", Dropped).total(0)).toEqual({ packets: 2n, bytes: 88n });
});

test("passes everything else on", async () => {
  using object = await loadForTest(source);
  const program = object.program("drop_port");
  for (const packet of [udpTo(80), ethernet().ipv4().tcp({ destinationPort: 53 }), ethernet().ipv6().udp()]) {
    expect(program.run(packet).verdict).toBe("pass");
  }
  expect(object.perCpuArrayMap("DROPPED", Dropped).total(0)).toEqual({ packets: 0n, bytes: 0n });
});

test("drops the port that is set", async () => {
  using object = await loadForTest(source, { config: { port: 80 } });
  expect(object.program("drop_port").run(udpTo(80)).verdict).toBe("drop");
  expect(object.program("drop_port").run(udpTo(53)).verdict).toBe("pass");
});
