import type { Construct } from "./construct.ts";

const stats = "export const STATS = arrayMap({ value: struct({ a: u64, b: u64, c: u64 }), maxEntries: 1 });";

/** What passes must leave as it is. */
export const optimised: readonly Construct[] = [
  {
    name: "a value that is used first in the second round",
    declarations: stats,
    body: `
      const s = STATS.lookup(0);
      if (s === null) return 0;
      s.a = 5;
      const step = s.a * 3;
      let last: u64 = 0;
      for (let i: u32 = 0; i < (packet.length & 3) + 4; i++) {
        s.b += last;
        last = step;
      }
      return s.b as u32;`,
    // 64 & 3 is 0: four rounds, of which three add 15; b goes on from run to run.
    verdicts: [45, 90],
  },
  {
    name: "a block of a loop that a loop in it needs before itself",
    declarations: stats,
    body: `
      const s = STATS.lookup(0);
      if (s === null) return 0;
      s.b = 0;
      s.c = 0;
      for (let i: u32 = 0; i < (packet.length & 7) + 3; i++) {
        if ((s.b & 1) === 0) s.a = i;
        else s.a = i + 1;
        let n: u32 = 0;
        do {
          s.b += i * 3;
          n++;
        } while (n < (packet.length & 1) + 2);
        s.c += htonl(i * 3) === htonl(3) ? 10 : 1;
      }
      return (s.b * 100 + s.c) as u32;`,
    // Rounds with i = 0, 1, 2 add twice 0, 3, 6; one of them is the one that adds 10.
    verdicts: [1812],
  },
  {
    name: "many doublings of a counter",
    declarations: stats,
    body: `
      const s = STATS.lookup(0);
      if (s === null) return 0;
      s.a = 0;
      for (let i: u32 = 0; i < 3; i++) {
        let x: u32 = i;
        ${"x = x + (x & 0xffff);\n".repeat(28)}
        s.a += x;
      }
      return s.a as u32;`,
    // 1 and 2 are doubled until the lower 16 bits are 0.
    verdicts: [65_536 + 65_536],
  },
  {
    name: "an index in the packet that is divided from a counter",
    body: `
      const header = packet.at(Header, 0);
      if (header === null) return 0;
      let sum: u32 = 0;
      for (let i: u32 = 0; i < 40; i++) sum += header.rest[(i / 7) & 7];
      return sum;`,
    // rest[0] is 9; i / 7 is 0 to 5, of which the last comes five times.
    verdicts: [7 * (9 + 10 + 11 + 12 + 13) + 5 * 14],
  },
  {
    name: "more fields in turn than registers and stack would hold",
    declarations: "export const CELLS = arrayMap({ value: struct({ n: u32, cells: array(u32, 80) }), maxEntries: 1 });",
    body: `
      const s = CELLS.lookup(0);
      if (s === null) return 0;
      s.n = packet.length;
      ${Array.from({ length: 80 }, (_, cell) => `s.cells[${cell}] = ${cell};`).join("\n")}
      ${Array.from({ length: 160 }, (_, turn) => `s.cells[${turn % 80}] += s.n + ${turn};`).join("\n")}
      return s.cells[0] * 1000 + s.cells[79];`,
    // Each has its number, the packet's length twice, and the numbers of both turns.
    verdicts: [(0 + 2 * 64 + 0 + 80) * 1000 + (79 + 2 * 64 + 79 + 159)],
  },
];
