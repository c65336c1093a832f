import { be32 } from "@weir/bytecode/layout";
import { ethernet, loadForTest } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { Dropped, Source } from "../fixtures/records.ts";

const source = new URL("../fixtures/drop-port.bpf.ts", import.meta.url);
const query = ethernet().ipv4({ source: "192.0.2.7" }).udp({ destinationPort: 53 }).payload("who?");

describe("a program that drops a port", () => {
  test("drops it and counts what it dropped", async () => {
    using object = await loadForTest(source);
    const program = object.program("drop_port");

    expect(program.run(query).verdict).toBe("drop");
    expect(program.run(query).verdict).toBe("drop");
    expect(program.run(ethernet().ipv4().udp({ destinationPort: 80 })).verdict).toBe("pass");
    expect(program.run(ethernet().ipv4().tcp({ destinationPort: 53 })).verdict).toBe("pass");
    expect(object.perCpuArrayMap("DROPPED", Dropped).total(0)).toEqual({ packets: 2n, bytes: 92n });
    expect(object.arrayMap("LATEST", Source).get(3)).toEqual({ packets: 0n, lastLength: 46 });
  });

  test("drops the port that it was told", async () => {
    using object = await loadForTest(source, { config: { port: 80 }, sizes: { SOURCES: 10 } });
    const program = object.program("drop_port");

    expect(program.run(query).verdict).toBe("pass");
    expect(program.run(ethernet().ipv4().udp({ destinationPort: 80 })).verdict).toBe("drop");
    expect(object.spec.maps.get("SOURCES")?.maxEntries).toBe(10);
  });

  test("knows from where it came", async () => {
    using object = await loadForTest(source);
    const sources = object.hashMap("SOURCES", { key: be32, value: Source });
    sources.set(1, { packets: 5n, lastLength: 6 });
    object.program("drop_port").run(query);

    expect(sources.get(0xc000_0207)).toEqual({ packets: 1n, lastLength: 46 });
    expect(sources.entries().sort(([a], [b]) => a - b)).toEqual([
      [1, { packets: 5n, lastLength: 6 }],
      [0xc000_0207, { packets: 1n, lastLength: 46 }],
    ]);
    expect(sources.delete(1)).toBe(true);
    expect(sources.delete(1)).toBe(false);
    expect(sources.get(1)).toBeUndefined();
    expect(() => sources.set(1, { packets: 0n, lastLength: 0 }, "existing")).toThrow(/SOURCES/);
  });

  test("has empty maps in each test", async () => {
    using object = await loadForTest(source);
    expect(object.hashMap("SOURCES", { key: be32, value: Source }).entries()).toEqual([]);
    expect(object.perCpuArrayMap("DROPPED", Dropped).total(0)).toEqual({ packets: 0n, bytes: 0n });
  });
});

test("a program that moves the ends of the packet", async () => {
  using object = await loadForTest(source);
  const frame = query.toBytes();
  const { verdict, packet } = object.program("reflect").run(frame);

  expect(verdict).toBe("tx");
  expect(packet).toHaveLength(frame.length + 6);
  expect(packet.subarray(4, -2)).toEqual(frame);
  expect(packet.subarray(-2)).toEqual(Uint8Array.of(0, 0));
});

describe("what is asked for wrongly says what there is", () => {
  test("programs, maps, layouts, packets", async () => {
    using object = await loadForTest(source);
    expect(() => object.program()).toThrow("say which program: it has drop_port, reflect");
    expect(() => object.program("drop")).toThrow('the object has no program "drop": it has drop_port, reflect');
    expect(() => object.arrayMap("LAST", Source)).toThrow('no map "LAST"; it has DROPPED, LATEST, SOURCES');
    expect(() => object.arrayMap("SOURCES", Source)).toThrow('map "SOURCES" is of type lru-hash, not array');
    expect(() => object.arrayMap("LATEST", be32)).toThrow('a value of map "LATEST" has 16 bytes, the layout has 4');
    expect(() => object.program("reflect").run(new Uint8Array(13))).toThrow("a packet has at least 14 bytes");
  });
});
