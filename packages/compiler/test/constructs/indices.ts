import type { Construct } from "./construct.ts";

const declarations = `
const Row = struct({ at: u8, wide: u32, cells: array(u32, 8), three: array(u16, 3) });
export const ROWS = arrayMap({ value: Row, maxEntries: 1 });
const fill = (row: Value<typeof Row>): void => {
  for (const i of range(8)) row.cells[i] = i + 1;
  for (const i of range(3)) row.three[i] = (i * 10) as u16;
};`;

const start = "const row = ROWS.lookup(0);\nif (row === null) return 0;\nfill(row);\n";

/** Indices that are seen to be inside, and that the verifier takes too. */
export const indices: readonly Construct[] = [
  {
    name: "a mask takes the sign away",
    declarations: "const ODD: readonly u32[] = [3, 1, 4, 1, 5, 9, 2, 6];",
    body: `
      let below: i32 = 0;
      below -= 3;
      let far: i64 = -1;
      far -= packet.length as i64;
      return ODD[(below & 7) as u32] * 10 + ODD[(far & 3) as u32];`,
    // -3 & 7 is 5; -65 & 3 is 3.
    verdicts: [91],
  },
  {
    name: "what global functions are given and give is as narrow as it says",
    declarations: `
      const Byte = struct({ value: u8 });
      const ODD: readonly u32[] = [3, 1, 4, 1, 5, 9, 2, 6];
      const picked = globalFunction((index: u8): u32 => ODD[index >> 5]);
      const reached = globalFunction((packet: XdpPacket, offset: u8): u32 => {
        const byte = packet.at(Byte, offset + 14);
        return byte === null ? 0 : byte.value;
      });
      const wrapped = globalFunction((count: u32): u8 => (count * 7) as u8);
      const negative = globalFunction((value: i8): i32 => value as i32 - 1);`,
    body: `
      const byte = packet.at(Byte, wrapped(37));
      if (byte === null) return 0;
      return picked(200) * 1_000_000 + reached(packet, 6) * 10_000 + byte.value * 100 + ((0 - negative(-5 as i8)) as u32);`,
    // 200 >> 5 is 6; the byte at 20 is 21; 37 * 7 is 259, which wraps to 3, and the byte there is 4.
    verdicts: [2_000_000 + 210_000 + 400 + 6],
  },

  {
    name: "a way that the verifier alone sees",
    declarations,
    body: `${start}if (packet.length % 3 < 3) return 1;\nreturn row.three[(packet.length + 1) % 3];`,
    verdicts: [1],
  },
  { name: "a mask", declarations, body: `${start}return row.cells[packet.length & 7];`, verdicts: [1] },
  {
    name: "a comparison before",
    declarations,
    body: `${start}const at = packet.length - 60;\nif (at >= 8) return 0;\nreturn row.cells[at];`,
    verdicts: [5],
  },
  {
    name: "a comparison in the same condition",
    declarations,
    body: `${start}const at = packet.length - 58;\nreturn at < 8 && row.cells[at] === 7 ? row.cells[at] * 10 : 0;`,
    verdicts: [70],
  },
  {
    name: "a comparison of a sum",
    declarations,
    body: `${start}const at = packet.length & 0xff;\nif (at + 1 > 70 || at - 60 >= 8) return 9;\nreturn row.cells[at - 60];`,
    verdicts: [5],
  },
  {
    name: "a comparison with what is bounded itself",
    declarations,
    body: `${start}const count = packet.length & 7;\nlet at = (packet.length >> 4) + 1;\nif (at > count) at = count;\nreturn row.cells[at];`,
    verdicts: [1],
  },
  {
    name: "a field that is compared",
    readsTwice: true,
    declarations,
    body: `${start}row.wide = packet.length - 61;\nif (row.wide < 8) return row.cells[row.wide];\nreturn 0;`,
    verdicts: [4],
  },
  {
    name: "a loop with a step, and with another end",
    declarations,
    body: `
      ${start}
      let sum: u32 = 0;
      for (let i: u32 = 1; i < 8; i += 2) sum += row.cells[i];
      let j: u32 = 8;
      while (j > 0) {
        j -= 1;
        sum += row.cells[j] * 100;
        if (sum > 3000) break;
      }
      let k: u32 = 0;
      while (k++ < 7) sum += row.cells[k] * 10_000;
      return sum;`,
    // 2 + 4 + 6 + 8, then 8, 7, 6, 5, 4 hundreds until 3000 are passed, then 2 to 8.
    verdicts: [20 + 3000 + 350_000],
  },
  {
    name: "a number that grows with the turns of a loop",
    declarations,
    body: `${start}let at: u32 = 1;\nlet sum: u32 = 0;\nfor (const i of range(3)) {\n  sum += row.cells[at] + i;\n  at += 3;\n}\nreturn sum;`,
    verdicts: [2 + 5 + 8 + 3],
  },
  {
    name: "a loop that stops at an unknown number",
    declarations,
    body: `${start}let sum: u32 = 0;\nlet last = packet.length - 60;\nif (last > 8) last = 8;\nfor (const i of range(last)) sum = sum * 10 + row.cells[i];\nreturn sum;`,
    verdicts: [1234],
  },
  {
    name: "a remainder and a quotient, which the verifier has to be shown",
    declarations,
    body: `${start}return row.three[packet.length % 3] * 100 + row.cells[(packet.length & 31) / 5] + row.three[(packet.length & 0xff) / 100];`,
    verdicts: [1001],
  },
  {
    name: "a switch, a conditional and the smaller of two",
    declarations,
    body: `
      ${start}
      const at = packet.length & 15;
      let found: u32 = 0;
      switch (at) {
        case 0:
        case 1:
          found = row.cells[at + 6];
      }
      const low = packet.length < 5 ? packet.length : 5;
      return found * 10 + row.cells[low];`,
    verdicts: [76],
  },
  {
    name: "what a function gives, and is given",
    declarations: `${declarations}
      function smaller(a: u32, b: u32): u32 {
        return a < b ? a : b;
      }
      function cell(row: Value<typeof Row>, at: u32): u32 {
        return row.cells[at];
      }
      const last = subprogram((row: Value<typeof Row>, at: u32): u32 => row.cells[at]);`,
    body: `${start}return cell(row, smaller(packet.length, 7)) * 100 + cell(row, 2) * 10 + last(row, packet.length & 3);`,
    verdicts: [831],
  },
  {
    name: "of network order, masked and compared",
    declarations,
    body: `
      ${start}
      const header = packet.at(Header, 0);
      if (header === null) return 0;
      const word = ntohl(header.word);
      // 05060708
      if ((word & 0xff) > 7) {
        const at = (word & 0xff) - 1;
        if (at < 8) return row.cells[at];
      }
      return 0;`,
    verdicts: [8],
  },
  {
    name: "in the packet",
    declarations: `
      const Frame = struct({ first: u8, bytes: bytes(16), words: array(be16, 4), pairs: array(struct({ low: u8, high: u8 }), 4) });
      function at(frame: Value<typeof Frame>, index: u32): u32 {
        return frame.bytes[index & 15];
      }
      const find = (packet: XdpPacket, offset: u32): Value<typeof Frame> | null => packet.at(Frame, offset);`,
    body: `
      const frame = find(packet, 1);
      if (frame === null) return 0;
      let sum: u32 = 0;
      for (const byte of frame.bytes) sum += byte;
      for (const word of frame.words) sum += ntohs(word) & 0xff;
      for (const pair of frame.pairs) {
        pair.high = 1;
        sum += pair.low * 1000;
      }
      const other = packet.at(Frame, packet.length & 3) ?? frame;
      return sum + at(other, packet.length + 2) * 1_000_000 + frame.pairs[packet.length & 3].high * 100_000_000;`,
    // 3 to 18; 21, 23, 25 and 27 of the words, which begin at an even byte of the record; 28, 30, 32 and 34; 4, of the frame at 0.
    verdicts: [168 + 96 + 124_000 + 4_000_000 + 100_000_000],
  },
  {
    name: "in functions of their own, given records of the packet and of a map",
    declarations: `${declarations}
      const Eight = struct({ cells: bytes(8) });
      const Cell = struct({ first: u8 });
      // A call for each kind of memory: the packet's end is asked for in the one alone.
      const pick = subprogram((record: Value<typeof Eight>, at: u32): u32 => record.cells[at & 7] + view(record.cells, Cell, at & 3).first * 100);
      const within = subprogram((record: Value<typeof Eight>, at: u32): u32 => {
        let sum: u32 = 0;
        loop(2, (turn) => {
          sum += record.cells[(at + turn) & 7];
        });
        return sum;
      });
      const unless = subprogram((record: Value<typeof Eight> | null, packet: XdpPacket): u32 => record === null ? 99 : record.cells[packet.length & 7]);
      const farther = subprogram((packet: XdpPacket, at: u32): Value<typeof Eight> | null => packet.at(Eight, at));
      const around = subprogram((record: Value<typeof Eight>, at: u32): u32 => pick(record, at + 1));`,
    body: `
      ${start}
      const first = packet.at(Eight, 0);
      if (first === null) return 0;
      const eight: Value<typeof Eight> = { cells: [9, 9, 9, 9, 9, 9, 9, 9] };
      const found = farther(packet, 8);
      if (found === null) return 1;
      const here = pick(first, packet.length) + pick(eight, packet.length) + within(first, packet.length) + around(first, packet.length);
      return here + unless(first, packet) + unless(packet.at(Eight, 60000), packet) + found.cells[packet.length & 7] * 10000;`,
    verdicts: [91315],
  },
  {
    name: "behind a record whose end is where another begins",
    declarations: `
      const Long = struct({ cells: bytes(24) });
      const Short = struct({ first: be32 });`,
    body: `
      const long = packet.at(Long, 4);
      if (long === null) return 0;
      // It ends where the other begins.
      const short = packet.at(Short, 0);
      const first = short === null ? 7 : ntohl(short.first);
      return long.cells[packet.length & 15] + (first & 1);`,
    verdicts: [5],
  },
];
