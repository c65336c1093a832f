import type { Construct } from "./construct.ts";

export const globalVariables: readonly Construct[] = [
  {
    name: "an integer that begins with 0",
    declarations: "let count: u64 = 0;",
    body: "count += 3;\nreturn count as u32;",
    verdicts: [3, 6, 9],
  },
  {
    name: "integers of all widths, signed ones too, with initial values",
    declarations: "let a: u8 = 250;\nlet b: i16 = -3;\nlet c: u32 = 7;\nlet d: i64 = -1;\nlet e: be16 = htons(0x0102);",
    body: "a += 10;\nb -= 1;\nc++;\nd += 2;\nreturn a * 1000 + ((b + 10) as u32) * 100 + c * 10 + (d as u32) + ntohs(e);",
    verdicts: [4000 + 600 + 80 + 1 + 258, 14_000 + 500 + 90 + 3 + 258],
  },
  {
    name: "a boolean",
    declarations: "let open = false;\nlet shut: boolean = true;",
    body: "const before = open;\nopen = !open;\nif (open === shut) return 10;\nreturn before ? 1 : 0;",
    verdicts: [10, 1, 10],
  },
  {
    name: "a number without a type has 32 bits",
    declarations: "let count = 0xffff_ffff;",
    body: "count += 2;\nreturn count;",
    verdicts: [1, 3],
  },
  {
    name: "a packed record behind a byte, changed at once",
    declarations:
      "let count: u8 = 0;\nconst Packed = packed({ total: u32, tag: u8 });\nconst totals = global(Packed);\nconst more = global(array(Packed, 2));",
    body: 'count += 1;\natomicAdd(totals, "total", 5);\natomicAdd(more[0], "total", 7);\nreturn totals.total * 1000 + more[0].total * 10 + count;',
    verdicts: [5071, 10_142],
  },
  {
    name: "records and arrays",
    declarations:
      "const Totals = struct({ packets: u64, cells: array(u16, 4), seen: bool });\nconst totals = global(Totals);\nconst limits = global(array(u32, 4), [1, 2, 3, 4]);",
    body: `
      totals.packets += 1;
      totals.cells[packet.length & 3] += 5;
      totals.seen = totals.packets > 1;
      limits[3] = limits[2] + limits[3];
      return totals.cells[0] + (totals.seen ? 100 : 0) + limits[3] * 1000;`,
    verdicts: [7005, 10_110, 13_115],
  },
  {
    name: "a record with initial values, and records inside",
    declarations:
      "const Outer = struct({ pad: u8, inner: struct({ low: u16, high: u32 }), list: array(u8, 3) });\nconst outer = global(Outer, { pad: 1, inner: { low: 2, high: 3 }, list: [4, 5, 6] });",
    body: "return outer.pad + outer.inner.low * 10 + outer.inner.high * 100 + outer.list[2] * 1000;",
    verdicts: [6321],
  },
  {
    name: "atomic additions",
    declarations:
      "const Totals = struct({ packets: u64, bytes: u32 });\nconst totals = global(Totals, { packets: 0, bytes: 9 });",
    body: `atomicAdd(totals, "packets", 1);\nreturn atomicAdd(totals, "bytes", 2) + (totals.packets as u32) * 100;`,
    verdicts: [109, 211],
  },
  {
    name: "a record that is read only, as it was compiled",
    declarations: `
      const Limits = struct({ first: u8, list: array(u32, 3) });
      const limits = readOnly(Limits, { first: 7, list: [1, 2, 3] });
      const nothing = readOnly(Limits);`,
    body: "return limits.first + limits.list[2] * 10 + limits.list[packet.length & 1] * 100 + nothing.list[1];",
    verdicts: [137],
  },
  {
    name: "a number for tools is a constant",
    declarations: `const version = metadata("xdp_metadata", 2);`,
    body: "return version * 10;",
    verdicts: [20],
  },
  {
    name: "two programs and a subprogram share them",
    declarations:
      "let shared: u32 = 0;\nconst raise = subprogram((by: u32): u32 => {\n  shared += by;\n  return shared;\n});\nexport const other = xdp(() => raise(100));",
    body: "shared += 1;\nreturn raise(10) + shared;",
    verdicts: [22, 44],
  },
];

export const tables: readonly Construct[] = [
  {
    name: "a list of numbers of both signs",
    declarations: "const STEPS = [-1, 0, 1];",
    body: "return (STEPS[packet.length % 3] + STEPS[(packet.length + 2) % 3] * 10 + 100) as u32;",
    // 64 % 3 is 1, 66 % 3 is 0.
    verdicts: [90],
  },
  {
    name: "a list with a type",
    declarations: "const TABLE: readonly u16[] = [10, 20, 30, 40];",
    body: "return TABLE[packet.length & 3] + TABLE[(packet.length + 2) & 3] * 100 + TABLE[1] * 10_000 + TABLE.length;",
    verdicts: [10 + 3000 + 200_000 + 4],
  },
  {
    name: "table()",
    declarations: "const TABLE = table(u64, [1, u64.of(0x1_0000_0002n), 3]);",
    body: "const index = packet.length % 3;\nreturn (TABLE[index] >> 32) as u32 + (TABLE[index] as u32) * 10;",
    verdicts: [21],
  },
  {
    name: "numbers without a type",
    declarations: "const TABLE = [7, 0x1_0000_0000] as const;",
    body: "return (TABLE[packet.length & 1] as u32) + ((TABLE[(packet.length + 1) & 1] as u64) >> 32) as u32;",
    verdicts: [8],
  },
  {
    name: "what is in network order lies so",
    declarations: "const PORTS: readonly be16[] = [htons(80), htons(443)];",
    body: "return ntohs(PORTS[(packet.length + 1) & 1]);",
    verdicts: [443],
  },
  {
    name: "records",
    declarations:
      "const Rule = struct({ from: u8, verdict: u32 });\nconst RULES: readonly Value<typeof Rule>[] = [\n  { from: 60, verdict: 5 },\n  { from: 70, verdict: 6 },\n];",
    body: "const rule = RULES[packet.length & 1];\nreturn rule.from * 10 + rule.verdict + RULES[1].verdict * 1000;",
    verdicts: [6605],
  },
  {
    name: "booleans",
    declarations: "const ALLOWED: readonly boolean[] = [true, false];",
    body: "return (ALLOWED[packet.length & 1] ? 1 : 2) + (ALLOWED[(packet.length + 1) & 1] ? 10 : 20);",
    verdicts: [21],
  },
  {
    name: "a list in an object, and one in a function",
    declarations: "const SETTINGS = { sizes: [1, 2, 4, 8] } as const;",
    body: "const local: readonly u8[] = [3, 5, 7, 9];\nconst at = packet.length & 3;\nreturn SETTINGS.sizes[at + 1] * 10 + local[at];".replace(
      "at + 1",
      "(at + 1) & 3",
    ),
    verdicts: [23],
  },
];
