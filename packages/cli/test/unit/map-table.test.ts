import { array, be32, bytes, i64, struct, u16, u32, u64 } from "@weir/bytecode/layout";
import type { EntryContents } from "@weir/engine/development";
import { describe, expect, test } from "vitest";
import { mapTables } from "../../src/reporters/map-table.ts";
import { columnsOf, valueText } from "../../src/reporters/value-text.ts";
import { plainStyle } from "../../src/text/style.ts";

const Pair = struct({ a: u16, b: u16 });
const look = { columns: 100, style: plainStyle, now: 0n };

describe("a value as text", () => {
  test.each([
    [u64, 1_234_567n, "1,234,567"],
    [i64, -5n, "-5"],
    [be32, 0xc000_0201, "192.0.2.1"],
    [bytes(6), Uint8Array.of(2, 0, 0, 0, 0, 1), "02:00:00:00:00:01"],
    [bytes(16), Uint8Array.of(0x20, 1, 0xd, 0xb8, ...new Uint8Array(11), 1), "2001:db8::1"],
    [bytes(16), Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0), "1:0:0:1:1::"],
    [bytes(16), new Uint8Array(16), "::"],
    [bytes(12), new TextEncoder().encode("eth0.100\0\0\0\0"), '"eth0.100"'],
    [bytes(4), Uint8Array.of(1, 2, 3, 4), "01020304"],
    [bytes(20), new Uint8Array(20).fill(255), `${"ff".repeat(16)}…`],
    [array(u32, 3), [1, 2000, 3], "1 2,000 3"],
    [array(u64, 64), Array.from({ length: 64 }, (_, n) => (n === 3 || n === 9 ? 7n : 0n)), "3: 7, 9: 7"],
    [array(u64, 64), Array.from({ length: 64 }, () => 0n), "all 0"],
    [array(Pair, 20), Array.from({ length: 20 }, (_, n) => ({ a: 0, b: n === 17 ? 7 : 0 })), "17: { a 0, b 7 }"],
    [array(Pair, 20), Array.from({ length: 20 }, () => ({ a: 0, b: 0 })), "all 0"],
    [
      array(bytes(4), 20),
      Array.from({ length: 20 }, (_, n) => Uint8Array.of(0, 0, 0, n >> 4)).slice(0, 17),
      "16: 00000001",
    ],
    [array(struct({ a: u16, b: u16 }), 1), [{ a: 1, b: 2 }], "{ a 1, b 2 }"],
  ] as const)("%o", (layout, value, text) => {
    expect(valueText(layout, value, true)).toBe(text);
  });

  test("records have a column for each field, also of records in them", () => {
    const layout = struct({ ends: struct({ source: be32, port: u16 }), packets: u64 });
    const columns = columnsOf(layout, "value", true);
    expect(columns.map(({ name }) => name)).toEqual(["ends.source", "ends.port", "packets"]);
    const value = { ends: { source: 1, port: 53 }, packets: 4n };
    expect(columns.map(({ text }) => text(value))).toEqual(["0.0.0.1", "53", "4"]);
  });
});

describe("maps as tables", () => {
  const flows: EntryContents = {
    kind: "entries",
    name: "FLOWS",
    type: "per-cpu-hash",
    key: struct({ port: u16 }),
    value: struct({ packets: u64, bytes: u64 }),
    capacity: 1024,
    total: 12,
    entries: [
      {
        key: { port: 53 },
        value: { packets: 5n, bytes: 1500n },
        cpus: [
          { packets: 2n, bytes: 500n },
          { packets: 3n, bytes: 1000n },
        ],
      },
      {
        key: { port: 8080 },
        value: { packets: 1n, bytes: 60n },
        cpus: [
          { packets: 0n, bytes: 0n },
          { packets: 1n, bytes: 60n },
        ],
      },
    ],
  };

  test("the sum, the parts of the CPUs where several have one, and how many more there are", () => {
    expect(mapTables([flows], look)).toEqual([
      "FLOWS  per-cpu-hash, 12 of 1,024 entries",
      "port     packets  bytes",
      "53             5  1,500",
      "  cpu 0        2    500",
      "  cpu 1        3  1,000",
      "8080           1     60",
      "… and 10 more",
    ]);
  });

  test("variables by name, and maps that cannot be read", () => {
    const variables = [{ name: "packets", layout: u64, value: 12_345n }];
    const closed = { kind: "closed", name: "SEEN", type: "bloom-filter" } as const;
    expect(mapTables([{ kind: "variables", name: ".bss", variables }, closed], look)).toEqual([
      "packets = 12,345",
      "",
      "SEEN  bloom-filter: cannot be read from here",
    ]);
  });

  test("ring buffers are left out: their records are shown as they come", () => {
    const ring = { kind: "closed", name: "EVENTS", type: "ring-buffer" } as const;
    expect(mapTables([ring], look)).toEqual([]);
    expect(mapTables([ring, flows], look)).toEqual(mapTables([flows], look));
  });

  test("names and texts that would steer a terminal are made harmless", () => {
    const text = mapTables([{ ...flows, name: "\x1b[2J" }], look).join("\n");
    expect(text).not.toContain("\x1b");
  });
});
