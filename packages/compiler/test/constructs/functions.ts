import type { Construct } from "./construct.ts";

export const functions: readonly Construct[] = [
  {
    name: "functions of their own that move the packet",
    declarations: `
      const Word = struct({ first: u8, second: u8 });
      const strip = subprogram((packet: XdpPacket, bytes: i32): i32 => packet.adjustHead(bytes));
      const cut = globalFunction((packet: XdpPacket): u32 => {
        if (strip(packet, 2) !== 0) return 1000;
        const word = packet.at(Word, 0);
        return packet.adjustTail(-10) === 0 && word !== null ? 0 : 2000;
      });`,
    body: `
      const before = packet.length;
      const failed = cut(packet);
      const word = packet.at(Word, 0);
      if (word === null) return failed;
      word.second = 9;
      if (strip(packet, 1) !== 0) return 3000;
      const after = packet.at(Word, 0);
      return failed + (before - packet.length) * 10 + (after === null ? 5 : after.first - 9);`,
    verdicts: [130],
  },
  {
    name: "a type parameter for numbers of any width",
    declarations:
      "function clamp<T extends u32 | u64>(value: T, low: T, high: T): T {\n  if (value < low) return low;\n  return value > high ? high : value;\n}",
    body: `
      const wide: u64 = 0x1_0000_0005;
      const small: u8 = 3;
      return clamp(packet.length, 5, 20) + ((clamp(wide, 1, u64.of(0x2_0000_0000n)) >> 32) as u32) * 100 + clamp<u32>(small, 10, 30) * 1000;`,
    verdicts: [10_120],
  },
  {
    name: "a layout as a parameter",
    declarations: `
      function sizeBehind<L extends StructLayout>(packet: XdpPacket, layout: L, offset: u32): u32 {
        return packet.at(layout, offset) === null ? 0 : layout.size;
      }
      function firstOf<L extends StructLayout>(packet: XdpPacket, layout: L, read: (record: Value<L>) => u32): u32 {
        const record = packet.at(layout, 0);
        return record === null ? 0 : read(record);
      }`,
    body: `
      return sizeBehind(packet, Header, 0) + sizeBehind(packet, struct({ all: bytes(65) }), 0) +
        firstOf(packet, Header, (header) => header.second * 100) + firstOf(packet, struct({ x: be16 }), ({ x }) => ntohs(x) * 1000);`,
    verdicts: [16 + 200 + 258_000],
  },
  {
    name: "a map as a parameter",
    declarations: `
      const Count = struct({ packets: u64 });
      const A = hashMap({ key: u32, value: Count, maxEntries: 4 });
      const B = hashMap({ key: u64, value: Count, maxEntries: 4 });
      function bump<K>(map: HashMap<K, Value<typeof Count>>, key: K, by: u64): u32 {
        const known = map.lookup(key);
        if (known === null) {
          map.update(key, { packets: by });
          return by as u32;
        }
        known.packets += by;
        return known.packets as u32;
      }`,
    body: "return bump(A, packet.length, 1) + bump(B, 7, 10) * 100;",
    verdicts: [1001, 2002],
  },
  {
    name: "the name of a field as a parameter",
    declarations: `
      const Totals = struct({ packets: u64, bytes: u64 });
      const totals = global(Totals);
      function add(field: "packets" | "bytes", amount: u64): void {
        atomicAdd(totals, field, amount);
      }`,
    body: `add("packets", 1);\nadd("bytes", packet.length);\nreturn (totals.packets as u32) * 1000 + (totals.bytes as u32);`,
    verdicts: [1064, 2128],
  },
  {
    name: "functions that use, and change, variables around them",
    declarations: `
      function forEach(values: readonly u32[], visit: (value: u32, index: u32) => void): void {
        let index: u32 = 0;
        for (const value of values) {
          visit(value, index);
          index += 1;
        }
      }`,
    body: `
      let total: u32 = 0;
      const factor: u32 = 2;
      forEach([5, 6, 7], (value, index) => {
        forEach([1, 10], (inner) => {
          total += value * inner * factor + index;
        });
      });
      const twice = (value: u32): u32 => value + value + factor;
      function thrice(value: u32): u32 {
        return twice(value) + value;
      }
      return total * 100 + thrice(4);`,
    // 2 * 11 * (5 + 6 + 7) + 2 * (0 + 1 + 2)
    verdicts: [402 * 100 + 14],
  },
  {
    name: "a condition as a parameter",
    declarations: `
      function countIf(limit: u32, keep: (value: u32) => boolean): u32 {
        let count: u32 = 0;
        for (const value of range(limit)) if (keep(value)) count += 1;
        return count;
      }
      const isOdd = (value: u32): boolean => (value & 1) === 1;`,
    body: "return countIf(9, isOdd) * 10 + countIf(9, (value) => value > 6 && packet.length === 64);",
    verdicts: [42],
  },
  {
    name: "arrays of any length, and records of any kind",
    declarations: `
      const Long = struct({ name: bytes(6), counts: array(u16, 3), packets: u32 });
      const Short = struct({ mark: u8, name: bytes(2), packets: u32 });
      const long = global(Long, { name: [1, 2, 3, 4, 5, 6], counts: [7, 8, 9], packets: 10 });
      const short = global(Short, { mark: 0, name: [11, 12], packets: 13 });
      function sum(list: Elements<u8>): u32 {
        let total: u32 = 0;
        for (const value of list) total += value;
        return total * 10 + list.length;
      }
      function raise<R extends { packets: u32 }>(record: R): u32 {
        record.packets += 1;
        return record.packets;
      }`,
    body: "return sum(long.name) + sum(short.name) * 1000 + raise(long) * 1_000_000 + raise(short) * 100_000_000;",
    verdicts: [216 + 232_000 + 11_000_000 + 1_400_000_000],
  },
  {
    name: "a subprogram for each map",
    declarations: `
      const Count = struct({ packets: u64 });
      const A = arrayMap({ value: Count, maxEntries: 1 });
      const B = arrayMap({ value: Count, maxEntries: 1 });
      const bump = subprogram((map: ArrayMap<Value<typeof Count>>, by: u32): u32 => {
        const count = map.lookup(0);
        if (count === null) return 0;
        count.packets += by;
        return count.packets as u32;
      });`,
    body: "return bump(A, 1) + bump(B, 10) * 100 + bump(A, 2) * 10_000;",
    verdicts: [1 + 1000 + 30_000, 4 + 2000 + 60_000],
  },
  {
    name: "a record that the program made, given to a subprogram",
    declarations:
      "const Pair = struct({ a: u32, b: u32 });\nconst sum = subprogram((pair: Value<typeof Pair>): u32 => {\n  pair.a += 1;\n  return pair.a + pair.b;\n});",
    body: "const pair: Value<typeof Pair> = { a: packet.length, b: 2 };\nreturn sum(pair) * 100 + pair.a;",
    verdicts: [6765],
  },
  {
    name: "global functions, of several programs",
    declarations: `
      const Bucket = struct({ tokens: u64 });
      const BUCKETS = arrayMap({ value: Bucket, maxEntries: 4 });
      const take = globalFunction((bucket: Value<typeof Bucket>, amount: u32): boolean => {
        bucket.tokens += amount;
        return bucket.tokens > 70;
      });
      const add = globalFunction((a: u8, b: i32, wide: u64): i32 => a + b + (wide as i32));
      const note = globalFunction((bucket: Value<typeof Bucket> | null): void => {
        if (bucket !== null) bucket.tokens += 1;
      });
      export const other = xdp(() => add(1, 2, 3) as u32);`,
    body: `
      const bucket = BUCKETS.lookup(0);
      if (bucket === null) return 0;
      note(bucket);
      note(null);
      const made: Value<typeof Bucket> = { tokens: 5 };
      const full = take(bucket, packet.length);
      return (full ? 1 : 0) + (take(made, 60) ? 10 : 0) + (made.tokens as u32) * 100 + ((add(200, -100, 5) as u32) & 0xfff) * 100_000;`,
    verdicts: [6500 + 105 * 100_000, 6501 + 105 * 100_000],
  },
  {
    name: "a computed index into the stack of a subprogram",
    declarations: `
      const Bytes = struct({ list: bytes(8), wide: u64 });
      const pickFrom = subprogram((packet: XdpPacket, at: u32): u32 => {
        const made: Value<typeof Bytes> = { list: [1, 2, 3, 4, 5, 6, 7, packet.length as u8], wide: 8 };
        return made.list[at & 7] * 10 + made.list[7];
      });`,
    // The caller keeps addresses in its own stack where the called function has its record.
    body: `
      const a = packet.at(Header, 0);
      const b = packet.at(Header, 4);
      const c = packet.at(Header, 8);
      const d = packet.at(Header, 12);
      const e = packet.at(Header, 16);
      const f = packet.at(Header, 20);
      if (a === null || b === null || c === null || d === null || e === null || f === null) return 0;
      const found = pickFrom(packet, (a.first + 3) & 7);
      return found + a.first + b.first + c.first + d.first + e.first + f.first;`,
    // 64 % 256; list[4] is 5.
    verdicts: [50 + 64 + 1 + 5 + 9 + 13 + 17 + 21],
  },
  {
    name: "parameters that are taken apart",
    declarations: `
      const Key = struct({ a: u32, b: u32 });
      export const KEYS = arrayMap({ value: Key, maxEntries: 1 });
      const called = subprogram(({ a, b }: Value<typeof Key>, times: u32): u32 => (a + b) * times);
      const shared = globalFunction(({ a }: Value<typeof Key>): u32 => a + 1);`,
    body: `
      export const program = xdp(({ length }) => {
        const key = KEYS.lookup(0);
        if (key === null) return 0;
        key.a = 2;
        key.b = length;
        return called(key, 10) + shared(key);
      });`,
    verdicts: [660 + 3],
  },
];
