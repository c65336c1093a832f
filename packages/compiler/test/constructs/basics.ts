import type { Construct } from "./construct.ts";

export const basics: readonly Construct[] = [
  {
    name: "integers of all widths wrap, and extend by their sign",
    body: `
      let a = (packet.length + 200) as u8;
      let b = (packet.length + 100) as i8;
      let c = (packet.length * 1100) as u16;
      let d = (packet.length * 600) as i16;
      const e: i32 = b;
      const f: i64 = d;
      a += 1;
      c <<= 1;
      return a + ((e + 200) as u32) * 10 + (c & 0xff) * 10_000 + (((f >> 8) as u32) & 0xff) * 1_000_000;`,
    // 9; 100 - 92 - … : 164 is -92; 70400 is 4864, twice that 9728 = 0x2600; 38400 is -27136, whose upper byte is 0x96.
    verdicts: [9 + 1080 + 0 + 150_000_000],
  },
  {
    name: "numbers in network order are compared, masked and switched on",
    declarations: "const Ports = struct({ source: be16, target: be16, word: be32, wide: be64 });",
    body: `
      const ports = packet.at(Ports, 0);
      if (ports === null) return 0;
      let found: u32 = 0;
      switch (ports.target) {
        case htons(0x0102):
          return 1;
        case htons(0x0304):
          found = 2;
          break;
        default:
          return 3;
      }
      if ((ports.word & htonl(0xff00_0000)) === htonl(0x0500_0000)) found += 10;
      if (ports.source !== ports.target) found += 100;
      ports.source = ports.target;
      if (ports.source === ports.target) found += 1000;
      return found;`,
    verdicts: [1112],
  },
  {
    name: "a switch on 64 bits, on signed numbers, and falling through",
    body: `
      const wide: u64 = u64.of(0x1_0000_0000n) + packet.length;
      const sign = (0 - packet.length) as i32;
      let sum: u32 = 0;
      switch (wide) {
        case 64:
          return 1;
        case u64.of(0x1_0000_0040n):
          sum += 1;
        case 5:
          sum += 10;
          break;
        default:
          sum += 100;
      }
      switch (sign) {
        case -64:
          sum += 1000;
          break;
        case 64:
          sum += 2000;
      }
      switch (sum) {
        default:
          sum += 10_000;
        case 1:
          sum += 20_000;
      }
      return sum;`,
    verdicts: [31_011],
  },
  {
    name: "&& and || evaluate what they must, and no more",
    declarations:
      "let calls: u32 = 0;\nfunction called(result: boolean): boolean {\n  calls += 1;\n  return result;\n}",
    body: `
      const all = called(true) && called(false) && called(true);
      const some = called(false) || called(true) || called(true);
      if (!(all || !some) && (called(false) || packet.length > 63)) calls += 100;
      const both = packet.length > 3 === called(true);
      return calls * 10 + (both ? 1 : 0);`,
    verdicts: [1061, 2121],
  },
  {
    name: "choices in choices",
    body: `
      const grade = (value: u32): u32 => (value < 10 ? 1 : value < 50 ? (value === 20 ? 2 : 3) : value > 60 ? 4 : 5);
      let sum: u32 = 0;
      for (const value of [5, 20, 30, 55, 64]) sum = sum * 10 + grade(value);
      return sum;`,
    verdicts: [12_354],
  },
  {
    name: "loops of all forms, with labels",
    body: `
      let sum: u32 = 0;
      outer: for (let i: u32 = 0; ; i++) {
        let j: u32 = 0;
        do {
          if (j === 2) continue outer;
          if (i === 3) break outer;
          sum += 1;
        } while (++j < 5);
      }
      let k: u32 = 3;
      while (k) {
        k--;
        if (k === 1) continue;
        sum += 10;
      }
      return sum;`,
    verdicts: [26],
  },
  {
    name: "compound assignment to what is computed once",
    declarations:
      "const Row = struct({ cells: array(u16, 4) });\nconst row = global(Row);\nlet calls: u32 = 0;\nfunction next(): u32 {\n  calls += 1;\n  return calls & 3;\n}",
    body: `
      row.cells[next()] += 5;
      row.cells[next()]++;
      const before = row.cells[1]--;
      const after = ++row.cells[2];
      row.cells[3] = row.cells[1] = 7;
      row.cells[3] <<= 2;
      row.cells[3] |= 1;
      row.cells[3] %= 10;
      return calls * 10_000 + before * 1000 + after * 100 + row.cells[3] * 10 + (row.cells[0] = 3);`,
    verdicts: [20_000 + 5000 + 200 + 90 + 3],
  },
  {
    name: "nested records, arrays of records and packed ones",
    declarations: `
      const Point = struct({ x: u8, y: u32 });
      const Shape = packed({ kind: u8, points: array(Point, 2), tail: struct({ inner: struct({ value: u16 }) }) });
      export const SHAPES = hashMap({ key: Point, value: Shape, maxEntries: 2 });`,
    body: `
      const key: Value<typeof Point> = { x: 1, y: packet.length };
      SHAPES.update(key, { kind: 2, points: [{ x: 3, y: 4 }, { x: 5, y: 6 }], tail: { inner: { value: 7 } } });
      const shape = SHAPES.lookup({ x: 1, y: 64 });
      if (shape === null) return 0;
      shape.points[packet.length & 1].y += shape.points[1].x;
      return shape.kind + shape.points[0].y * 10 + shape.points[1].y * 100 + shape.tail.inner.value * 1000;`,
    verdicts: [7692],
  },
];
