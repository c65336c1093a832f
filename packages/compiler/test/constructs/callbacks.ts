import type { Construct } from "./construct.ts";

const SLOTS = "const SLOTS = arrayMap({ value: struct({ a: u32, counts: array(u32, 5) }), maxEntries: 4 });";
const TABLE = "const TABLE = hashMap({ key: u16, value: struct({ a: u32, b: u64 }), maxEntries: 8 });";
const PAIR = "const Pair = struct({ low: u32, high: u64 });\n";

/** Functions that helpers of the kernel call. */
export const callbacks: readonly Construct[] = [
  {
    name: "the number of a turn is compared, and reaches into the packet",
    declarations: "const Byte = struct({ value: u8 });",
    body: `
      let sum: u32 = 0;
      loop(64, (turn) => {
        const byte = packet.at(Byte, turn);
        if (byte === null) return true;
        if (turn < 16) sum += byte.value;
        return false;
      });
      const end = packet.length - 60;
      loop(1500, (turn) => {
        if (turn >= end) return true;
        const byte = packet.at(Byte, turn);
        if (byte !== null) sum += byte.value * 1000;
        return false;
      });
      return sum;`,
    // The bytes 1 to 16, and 1 to 4.
    verdicts: [136 + 10_000],
  },

  {
    name: "loop changes variables around",
    body: `
      let sum: u32 = 0;
      let wide: u64 = u64.of(0x1_0000_0000n);
      let small: i8 = 5;
      let odd: boolean = false;
      const turns = loop(5, (index) => {
        sum = sum * 10 + index;
        wide += index;
        small = (small - 3) as i8;
        odd = !odd;
      });
      return turns === 5 && odd && small === -10 && wide === u64.of(0x1_0000_000an) ? sum : XDP_ABORTED;`,
    verdicts: [1234],
  },
  {
    name: "a callback in a callback reaches into a record of the one around it",
    declarations: "const Row = struct({ cells: array(u64, 4) });\nconst Pick = struct({ kind: u8, other: u8 });",
    body: `
      let sum: u64 = 0;
      loop(2, (outer) => {
        const row: Value<typeof Row> = { cells: [1, 10, 100, 1000] };
        row.cells[3] += outer;
        loop(3, (inner) => {
          const pick = packet.at(Pick, inner);
          if (pick === null) return true;
          sum += row.cells[pick.kind & 3];
          row.cells[pick.other & 3] += 1;
          return false;
        });
      });
      // 10 + 101 + 1,001, and 10 + 101 + 1,002.
      return sum as u32;`,
    verdicts: [2225],
  },
  {
    name: "loop that stops",
    body: `
      let sum: u32 = 0;
      const turns = loop(1000, (index) => {
        if (index === 3) return true;
        sum = sum * 10 + index + 1;
        return false;
      });
      // The call that stops counts, too.
      return sum * 10 + (turns as u32);`,
    verdicts: [1234],
  },
  {
    name: "loop without a turn",
    body: `
      let none: u32 = 7;
      const turns = loop(packet.length - 64, () => {
        none = 1;
      });
      return turns === 0 ? none : XDP_ABORTED;`,
    verdicts: [7],
  },
  {
    name: "loop without a turn, which is known when it is loaded",
    declarations: 'const turns = config("turns", u32, 0);',
    body: `
      let none: u32 = 7;
      loop(turns, (index) => {
        none = index;
      });
      loop(0, (index) => {
        none = index;
      });
      return none;`,
    verdicts: [7],
  },
  {
    name: "what the first turn leaves is not what the last one does",
    body: `
      let last: u32 = 0;
      let big: u32 = 0;
      loop(packet.length - 54, (index) => {
        if (last > 3) big += 1;
        last = index;
      });
      // Turns 0 to 9: before those from 5 on, the one before was more than 3.
      return big > 4 ? 100 + last : big;`,
    verdicts: [109],
  },
  {
    name: "too many turns",
    body: `
      let calls: u32 = 0;
      const turns = loop(0x80_0001, () => {
        calls += 1;
      });
      return calls + ((0 - turns) as u32);`,
    verdicts: [7],
  },
  {
    name: "records around",
    declarations: PAIR + SLOTS,
    body: `
      const slot = SLOTS.lookup(2);
      const header = packet.at(Header, 14);
      if (slot === null || header === null) return XDP_ABORTED;
      const made: Value<typeof Pair> = { low: 1, high: 2 };
      loop(4, (index) => {
        slot.a += header.second;
        made.high += made.low + index;
        slot.counts[index] = index + 1;
      });
      // header.second is 16; 2 + 4 x 1 + 0 + 1 + 2 + 3
      return slot.a * 1000 + (made.high as u32) * 10 + slot.counts[3] + slot.counts[4];`,
    verdicts: [64124, 128124],
  },
  {
    name: "the packet, in a callback",
    declarations: "const Byte = struct({ value: u8 });",
    body: `
      let sum: u32 = 0;
      loop(100, (index) => {
        const byte = packet.at(Byte, 60 + (index & 0xff));
        if (byte === null) return true;
        sum += byte.value;
        return false;
      });
      return sum + packet.length * 1000;`,
    verdicts: [64250],
  },
  {
    name: "the packet, at offsets that are small because of the count",
    declarations: "const Byte = struct({ value: u8 });",
    body: `
      let sum: u32 = 0;
      const last: u32 = packet.length & 7;
      loop(5, (index) => {
        const byte = packet.at(Byte, 14 + index * 4);
        if (byte !== null) sum += byte.value;
      });
      // 15 + 19 + 23 + 27 + 31
      loop(last + 1, (index) => {
        const byte = packet.at(Byte, 60 - index);
        if (byte !== null) sum += byte.value * 1000;
      });
      // 61
      loop(3, (i) => {
        loop(2, (k) => {
          const byte = packet.at(Byte, i * 10 + k);
          sum += byte === null ? 0 : byte.value * 100000;
        });
      });
      // 1 + 2 + 11 + 12 + 21 + 22
      return sum;`,
    verdicts: [6961115],
  },
  {
    name: "turns in a loop that asks last, behind more turns than the compiler follows",
    declarations: "const Byte = struct({ value: u8 });",
    body: `
      let mixed: u32 = 0;
      for (let outer: u32 = 0; outer < 70; outer += 1) {
        for (let inner: u32 = 0; inner < 70; inner += 1) {
          ${Array.from({ length: 14 }, (_, turn) => `mixed = ((mixed ^ ${turn}) & 0xff) + (inner ^ outer);`).join(" ")}
        }
      }
      let again: u32 = 0;
      let sum: u32 = 0;
      do {
        loop(10, (index) => {
          const byte = packet.at(Byte, index * 5);
          if (byte !== null) sum += byte.value;
        });
      } while (again > 0);
      // 1 + 6 + … + 46
      return mixed === 12345 ? 0 : sum;`,
    verdicts: [235],
  },
  {
    name: "an array on the stack",
    declarations: "const Numbers = struct({ list: array(u32, 4), more: u32 });",
    body: `
      const made: Value<typeof Numbers> = { list: [1, 2, 3, 4], more: 0 };
      loop(3, (index) => {
        made.list[index + 1] += made.list[index];
        made.more += 1;
      });
      return made.list[3] * 10 + made.more;`,
    verdicts: [103],
  },
  {
    name: "callbacks in callbacks",
    body: `
      let sum: u32 = 0;
      let outer: u32 = 0;
      loop(3, (i) => {
        let inner: u32 = 0;
        loop(4, (k) => {
          if (k === 3) return true;
          sum += i * 10 + k;
          inner += 1;
          return false;
        });
        outer += inner;
      });
      // 3 x (0 + 10 + 20) + 3 x (0 + 1 + 2); 3 x 3
      return sum * 100 + outer;`,
    verdicts: [9909],
  },
  {
    name: "a function around, called from a callback",
    body: `
      let sum: u32 = 0;
      const add = (by: u32) => {
        sum += by;
      };
      loop(3, (index) => {
        add(index);
        add(100);
      });
      add(1);
      return sum;`,
    verdicts: [304],
  },
  {
    name: "a function that is declared elsewhere, and one that calls back twice",
    declarations: `
      let calls: u32 = 0;
      function count(index: u32): boolean {
        calls += index;
        return index >= 4;
      }
      function twice(times: u32, start: u32): u32 {
        let sum = start;
        loop(times, () => {
          sum += 1;
        });
        return sum;
      }`,
    body: "loop(100, count);\nreturn calls * 100 + twice(3, 10) + twice(5, 20);",
    verdicts: [1038, 2038],
  },
  {
    name: "in a subprogram, with a constant and a parameter around",
    declarations: `
      const spread = subprogram((by: u32, start: u64): u64 => {
        const step = 3;
        let at = start;
        loop(by, (index) => {
          at += step * index;
        });
        return at;
      });`,
    body: "return spread(4, 100) as u32;",
    verdicts: [118],
  },
  {
    name: "an index that is smaller than the count, and one that was masked outside",
    declarations: SLOTS,
    body: `
      const slot = SLOTS.lookup(0);
      if (slot === null) return XDP_ABORTED;
      const first = packet.length & 1;
      loop(5, (index) => {
        slot.counts[index] += index;
        slot.counts[first] += 10;
      });
      return slot.counts[0] * 10 + slot.counts[4];`,
    verdicts: [504, 1008],
  },
  {
    name: "each of an array",
    declarations: SLOTS,
    body: `
      let sum: u32 = 0;
      const seen = SLOTS.each((index, slot) => {
        slot.a += index + 1;
        sum = sum * 10 + slot.a;
      });
      return sum * 10 + seen;`,
    verdicts: [12344, 24684],
  },
  {
    name: "each of an array that stops",
    declarations: SLOTS,
    body: `
      let last: u32 = 9;
      const seen = SLOTS.each((index) => {
        last = index;
        return index === 1;
      });
      return seen * 10 + last;`,
    verdicts: [21],
  },
  {
    name: "each of a hash map, and entries deleted meanwhile",
    declarations: TABLE,
    body: `
      for (const key of range(6)) TABLE.update(key as u16, { a: key * 10, b: 1 });
      let keys: u32 = 0;
      let values: u64 = 0;
      const seen = TABLE.each((key, value) => {
        keys += key;
        values += value.a + value.b;
        value.b += 1;
        if ((key & 1) === 1) TABLE.delete(key);
      });
      let left: u32 = 0;
      TABLE.each((_key, value) => {
        left += value.b as u32;
      });
      return seen * 100000 + keys * 1000 + (values as u32) + left * 100;`,
    // Six entries; 0 to 5 are 15; 150 + 6; three are left, with 2 each.
    verdicts: [615756],
  },
  {
    name: "each with a record as key, and of a map for each CPU",
    declarations: `
      const Key = struct({ low: u8, high: be16 });
      const BY_PAIR = hashMap({ key: Key, value: u64, maxEntries: 4 });
      const PER_CPU = perCpuArrayMap({ value: u32, maxEntries: 3 });`,
    body: `
      BY_PAIR.update({ low: 3, high: htons(4) }, 7);
      let sum: u32 = 0;
      BY_PAIR.each(({ low, high }, entry) => {
        sum += low * 100 + ntohs(high) * 10 + (entry.value as u32);
      });
      PER_CPU.each((_index, entry) => {
        entry.value += 1000;
        sum += entry.value;
      });
      return sum;`,
    verdicts: [3347, 6347],
  },
  {
    name: "a boolean from memory decides",
    declarations: `
      let stops: boolean = false;
      const later = subprogram((index: u32): boolean => index > 2);`,
    body: `
      let calls: u32 = 0;
      let mine: boolean = false;
      loop(10, () => {
        calls += 1;
        return stops;
      });
      stops = true;
      loop(10, () => {
        calls += 100;
        return stops;
      });
      loop(10, (index) => {
        calls += 1000;
        return later(index);
      });
      loop(10, () => {
        calls += 10000;
        const before = mine;
        mine = true;
        return before;
      });
      stops = false;
      return calls;`,
    verdicts: [24110],
  },
  {
    name: "more variables than registers",
    body: `
      let a: u32 = 1;
      let b: u32 = 2;
      let c: u32 = 3;
      let d: u16 = 4;
      let e: u64 = 5;
      let f: i32 = -6;
      let g: u8 = 7;
      let h: i64 = -8;
      const key = packet.length;
      loop(2, (index) => {
        a += b;
        b += c;
        c += d;
        d = (d + (e as u16)) as u16;
        e += key;
        f -= 1;
        g = (g + 250) as u8;
        h += f;
        a += index;
      });
      // a: 1, 3, 9; b: 2, 5, 12; c: 3, 7, 16; d: 4, 9, 78; e: 5, 69, 133; f: -7, -8; g: 1, 251; h: -15, -23
      return a * 1 + b * 10 + c * 100 + d + (e as u32) + ((0 - f) as u32) + g + ((0 - h) as u32);`,
    // a is 3 and 3 + 5 + 1.
    verdicts: [2222],
  },
  {
    name: "a part of a record that lies at an odd place, in a callback of a callback",
    declarations: `
      const Part = struct({ small: i16, large: i32 });
      const Whole = packed({ before: u32, part: Part });`,
    body: `
      const whole: Value<typeof Whole> = { before: 1, part: { small: -2, large: 3 } };
      const part = whole.part;
      let sum: i32 = 0;
      loop(2, (outer) => {
        loop(3, (inner) => {
          part.large += 1;
          sum += part.large + part.small + (outer as i32) + (inner as i32);
        });
      });
      // large: 4 to 9, less 12 for small; outer: 3; inner: 6
      return (sum as u32) + whole.before + (whole.part.large as u32) * 100;`,
    verdicts: [937],
  },
];
