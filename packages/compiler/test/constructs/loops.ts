import type { Construct } from "./construct.ts";

export const loops: readonly Construct[] = [
  {
    name: "range of a number",
    body: "let sum: u32 = 0;\nfor (const i of range(5)) sum = sum * 10 + i;\nreturn sum;",
    verdicts: [1234],
  },
  {
    name: "range from and to, computed once",
    body: `
      let sum: u32 = 0;
      let last: u32 = (packet.length - 59) & 7;
      for (const i of range(2, last)) {
        last = 100;
        sum = sum * 10 + i;
      }
      return sum;`,
    verdicts: [234],
  },
  {
    name: "range of signed and of 64-bit numbers",
    body: `
      let sum: i32 = 0;
      const from: i32 = -3;
      const to: i32 = 2;
      for (const i of range(from, to)) sum += i;
      let wide: u64 = 0;
      for (const i of range(u64.of(0xffff_ffffn), u64.of(0x1_0000_0002n))) wide += i >> 32;
      return ((sum + 100) as u32) * 10 + (wide as u32);`,
    verdicts: [952],
  },
  {
    name: "range of numbers that are narrow and have a sign",
    body: `
      let turns: u32 = 0;
      const none: i16 = -4;
      for (const _i of range(none)) turns += 1000;
      const from: i8 = -5;
      const to: i8 = 5;
      let sum: i32 = 0;
      for (const i of range(from, to)) {
        turns++;
        sum += i;
      }
      return turns * 10 + ((0 - sum) as u32);`,
    // Up to -4 there is no turn. From -5 to 4 are ten, and their sum is -5.
    verdicts: [105],
  },
  {
    name: "an empty range",
    body: "for (const i of range(5, 5)) return i;\nfor (const i of range(packet.length - 64)) return i;\nreturn 99;",
    verdicts: [99],
  },
  {
    name: "break, continue and labels",
    body: `
      let sum: u32 = 0;
      outer: for (const i of range(6)) {
        if (i === 1) continue;
        for (const j of range(6)) {
          if (j === 2) continue outer;
          if (i === 4) break outer;
          sum += i * 10 + j + 1;
        }
      }
      return sum;`,
    // i is 0, 2, 3, each with j = 0 and 1.
    verdicts: [3 + 43 + 63],
  },
  {
    name: "elements of an array in a map, by value",
    declarations:
      "const Row = struct({ cells: array(u16, 4) });\nexport const ROWS = arrayMap({ value: Row, maxEntries: 1 });",
    body: `
      const row = ROWS.lookup(0);
      if (row === null) return 0;
      for (const i of range(4)) row.cells[i] += (i + 1) as u16;
      let sum: u32 = 0;
      for (let cell of row.cells) {
        cell *= 2;
        sum = sum * 10 + cell;
      }
      return sum;`,
    verdicts: [2468, 4000 + 800 + 120 + 16],
  },
  {
    name: "records in an array, by reference",
    declarations: "const Pair = struct({ low: u8, high: u8 });\nconst pairs = global(array(Pair, 3));",
    body: `
      let step: u8 = 1;
      for (const pair of pairs) {
        pair.low += step;
        pair.high = (pair.low * 2) as u8;
        step += 1;
      }
      return pairs[0].high * 100 + pairs[1].high * 10 + pairs[2].high;`,
    verdicts: [246, 400 + 80 + 12],
  },
  {
    name: "bytes that the program made",
    declarations: "const Key = struct({ name: bytes(4), more: u32 });",
    body: `
      const key: Value<typeof Key> = { name: [1, 2, 3, 4], more: 9 };
      let sum: u32 = 0;
      for (const byte of key.name) sum = sum * 10 + byte;
      return sum + key.more * 10_000;`,
    verdicts: [91_234],
  },
  {
    name: "a table",
    declarations: "const TABLE: readonly u32[] = [5, 6, 7];",
    body: "let sum: u32 = 0;\nfor (const value of TABLE) sum = sum * 10 + value;\nreturn sum;",
    verdicts: [567],
  },
  {
    name: "a table of records, taken apart",
    declarations:
      "const Rule = struct({ from: u8, verdict: u32 });\nconst RULES: readonly Value<typeof Rule>[] = [\n  { from: 60, verdict: 5 },\n  { from: 70, verdict: 6 },\n];",
    body: "for (const { from, verdict } of RULES) {\n  if (from > packet.length) return verdict;\n}\nreturn 0;",
    verdicts: [6],
  },
  {
    name: "a list of layouts: a turn for each",
    body: `
      let sum: u32 = 0;
      turns: for (const layout of [struct({ a: u8 }), struct({ a: u16 }), struct({ a: u32 }), struct({ a: u64 })]) {
        if (layout.size === 2) continue;
        if (layout.size === 8) break turns;
        const record = packet.at(layout, 0);
        if (record !== null) sum += record.a as u32;
      }
      return sum;`,
    // The byte 1, and the four bytes 04030201.
    verdicts: [0x0403_0202],
  },
];
