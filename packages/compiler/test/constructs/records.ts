import type { Construct } from "./construct.ts";

export const records: readonly Construct[] = [
  {
    name: "taking a record apart",
    body: `
      const header = packet.at(Header, 0);
      if (header === null) return 0;
      const { first, second: other, inner: { y }, rest } = header;
      header.first = 50;
      return first * 1000 + other * 100 + y * 10 + rest[0];`,
    verdicts: [1000 + 200 + 40 + 9],
  },
  {
    name: "variables that change afterwards",
    declarations: "const Pair = struct({ a: u32, inner: struct({ b: u32 }) });",
    body: `
      const pair: Value<typeof Pair> = { a: 1, inner: { b: 2 } };
      let { a, inner: { b } } = pair;
      a += 10;
      b += 20;
      return a * 1000 + b * 100 + pair.a * 10 + pair.inner.b;`,
    verdicts: [11_000 + 2200 + 12],
  },
  {
    name: "a record inside is a reference",
    body: `
      const header = packet.at(Header, 0);
      if (header === null) return 0;
      const { inner } = header;
      inner.x = 7;
      return header.inner.x;`,
    verdicts: [7],
  },
  {
    name: "a record and an array that are given what others hold",
    body: `
      const header = packet.at(Header, 0);
      const other = packet.at(Header, 16);
      if (header === null || other === null) return 0;
      header.inner = other.inner;
      header.rest = other.rest;
      other.inner.x = 0;
      other.rest[7] = 0;
      return header.inner.x * 10_000 + header.inner.y * 100 + header.rest[7];`,
    verdicts: [190_000 + 2000 + 32],
  },
  {
    name: "arrays in a new record, and in one that is written over what they are copied from",
    declarations: `
      const Two = struct({ x: bytes(8), y: bytes(8), n: u16 });
      const Large = struct({ first: u8, all: array(u16, 100), last: u8 });
      const Holder = struct({ two: Two, id: u32 });
      export const LARGE = arrayMap({ value: Large, maxEntries: 1 });
      export const HOLDERS = arrayMap({ value: Holder, maxEntries: 1 });`,
    body: `
      const two = packet.at(Two, 0);
      const large = LARGE.lookup(0);
      const holder = HOLDERS.lookup(0);
      if (two === null || large === null || holder === null) return 0;
      holder.two = { x: two.y, y: two.x, n: 7 };
      holder.two = { x: holder.two.y, y: holder.two.x, n: holder.two.n };
      const swapped: Value<typeof Two> = { x: holder.two.y, y: holder.two.x, n: 9 };
      swapped.x[0] += 100;
      for (const i of range(100)) large.all[i] = i as u16;
      const copy: Value<typeof Large> = { first: 1, all: large.all, last: 2 };
      copy.all[99] = 300;
      large.all[50] = 0;
      const again: Value<typeof Large> = { ...copy };
      return (holder.two.x[0] + holder.two.y[0] * 10 + swapped.x[0] * 100 + swapped.y[7] * 1000) * 1000
        + again.all[99] + again.all[50] + large.all[99] + again.first + again.last + holder.two.n;`,
    // x begins with 1 and y with 9; swapped.x is y, and its first byte is 109; swapped.y ends with 8.
    verdicts: [(1 + 90 + 10_900 + 8000) * 1000 + 300 + 50 + 99 + 1 + 2 + 7],
  },
  {
    name: "an array that is moved by four bytes, either way",
    declarations: "const Addresses = struct({ both: bytes(12) });",
    body: `
      const low = packet.at(Addresses, 0);
      const high = packet.at(Addresses, 4);
      if (low === null || high === null) return 0;
      high.both = low.both;
      const up = low.both[3] * 1_000_000 + high.both[0] * 10_000 + high.both[4] * 100 + high.both[11];
      low.both = high.both;
      return up * 100 + low.both[11];`,
    // The bytes 1 to 12 come to lie behind the first four, and then at the start again.
    verdicts: [401_051_200 + 12],
  },
  {
    name: "a record and an array that are given new values",
    declarations:
      "const Slot = struct({ key: struct({ a: u8, b: u32 }), ports: array(u16, 2), last: u8 });\nexport const SLOTS = arrayMap({ value: Slot, maxEntries: 1 });",
    body: `
      const slot = SLOTS.lookup(0);
      if (slot === null) return 0;
      const { a, b } = slot.key;
      slot.key = { a: (b + 1) as u8, b: a + 2 };
      slot.ports = [slot.ports[1], (slot.ports[0] + 5) as u16];
      return slot.key.a * 1000 + slot.key.b * 100 + slot.ports[0] * 10 + slot.ports[1];`,
    verdicts: [1000 + 200 + 5, 3000 + 300 + 50 + 5],
  },
  {
    name: "an element that is a record, at an index that varies",
    declarations:
      "const Pair = struct({ a: u8, b: u32 });\nconst Table = struct({ pairs: array(Pair, 4) });\nexport const TABLES = arrayMap({ value: Table, maxEntries: 1 });",
    body: `
      const slot = TABLES.lookup(0);
      if (slot === null) return 0;
      const made: Value<typeof Pair> = { a: 7, b: 8 };
      slot.pairs[(packet.length + 1) & 3] = made;
      slot.pairs[(packet.length + 2) & 3] = slot.pairs[(packet.length + 1) & 3];
      slot.pairs[1].a = 1;
      return slot.pairs[2].a * 1000 + slot.pairs[2].b * 100 + slot.pairs[1].a * 10 + slot.pairs[3].b;`,
    verdicts: [7000 + 800 + 10],
  },
  {
    name: "a record of the program's own that is given a part",
    declarations: "const Whole = struct({ inner: struct({ x: u8, y: u8 }), rest: bytes(8) });",
    body: `
      const header = packet.at(Header, 0);
      if (header === null) return 0;
      const whole: Value<typeof Whole> = { inner: { x: 1, y: 2 }, rest: header.rest };
      whole.inner = header.inner;
      header.rest = whole.rest;
      whole.rest = [1, 2, 3, 4, 5, 6, 7, 8];
      return whole.inner.x * 1000 + whole.inner.y * 100 + whole.rest[7] * 10 + header.rest[0];`,
    verdicts: [3000 + 400 + 80 + 9],
  },
  {
    name: "a key is read when the value is known, as JavaScript would",
    declarations: `
      const Key = struct({ a: u32, b: u32 });
      export const MADE = hashMap({ key: Key, value: u32, maxEntries: 8 });
      export const KEYS = arrayMap({ value: Key, maxEntries: 1 });
      const next = (key: Value<typeof Key>): u32 => {
        key.b += 1;
        return key.b * 10;
      };`,
    body: `
      const made: Value<typeof Key> = { a: 1, b: 2 };
      const stored = KEYS.lookup(0);
      if (stored === null) return 0;
      stored.a = 4;
      stored.b = 5;
      MADE.update(made, next(made));
      MADE.update(stored, next(stored));
      const first = MADE.lookup({ a: 1, b: 3 })?.value ?? 0;
      const second = MADE.lookup({ a: 4, b: 6 })?.value ?? 0;
      return first * 1000 + second;`,
    verdicts: [30_060],
  },
  {
    name: "elements that are changed at once",
    declarations:
      "const Histogram = struct({ least: u64, buckets: array(u64, 8) });\nexport const HISTOGRAMS = arrayMap({ value: Histogram, maxEntries: 1 });",
    body: `
      const histogram = HISTOGRAMS.lookup(0);
      if (histogram === null) return 0;
      atomicAdd(histogram.buckets, packet.length & 7, 3);
      atomicAdd(histogram.buckets, (packet.length + 5) & 7, 4);
      const before = atomicAdd(histogram.buckets, 5, 1);
      return (before * 100 + histogram.buckets[0] * 10 + histogram.buckets[5]) as u32;`,
    verdicts: [400 + 30 + 5, 900 + 60 + 10],
  },
  {
    name: "atomic changes of a record of the program's own",
    declarations:
      'const Pair = struct({ a: u64, b: u32 });\nfunction before(pair: Value<typeof Pair>): u32 {\n  return atomicExchange(pair, "a", 7) > 40 ? 1 : 2;\n}',
    // Asked in both ways round: the verifier goes one of them first.
    body: `
      const header = packet.at(Header, 0);
      if (header === null) return 0;
      const one: Value<typeof Pair> = { a: header.first === 1 ? header.second : 50, b: 0 };
      const other: Value<typeof Pair> = { a: header.first !== 1 ? 50 : header.second, b: 0 };
      const exchanged = before(one) * 10 + before(other);
      atomicXor(one, "b", header.second + 1);
      const same = atomicCompareExchange(one, "b", 3, 5);
      const different = atomicCompareExchange(one, "b", header.first, 6);
      return exchanged * 10_000 + (one.a as u32) * 1000 + same * 100 + different * 10 + one.b;`,
    verdicts: [220_000 + 7000 + 300 + 50 + 5],
  },
  {
    name: "atomic changes of a record of the program's own in a subprogram and in a callback, and at a computed index",
    declarations: [
      "const Pair = struct({ a: u64, b: u64 });",
      "const Cells = struct({ c: array(u64, 4) });",
      "export const PAIRS = arrayMap({ value: Pair, maxEntries: 1 });",
      'const bump = subprogram((pair: Value<typeof Pair>, by: u64): u64 => atomicAdd(pair, "a", by));',
      "const above = subprogram((pair: Value<typeof Pair>): u32 => (bump(pair, 1) > 55 ? 1 : 2));",
    ].join("\n"),
    body: `
      const header = packet.at(Header, 0);
      const shared = PAIRS.lookup(0);
      if (header === null || shared === null) return 0;
      const one: Value<typeof Pair> = { a: header.first === 1 ? header.second : 70, b: 0 };
      const other: Value<typeof Pair> = { a: header.first !== 1 ? 70 : header.second, b: 0 };
      const called = above(one) * 1000 + above(other) * 100 + above(shared) * 10;
      loop(2, () => {
        if (atomicAdd(one, "b", 3) > 5) other.b = 9;
      });
      const cells: Value<typeof Cells> = { c: [1, 2, 3, 4] };
      const cell = atomicAdd(cells.c, packet.length & 3, 5);
      for (const index of range(2)) atomicExchange(cells.c, index, 8);
      return called + (one.a as u32) + (one.b as u32) * 10_000 + (cell as u32) * 100_000 + (cells.c[packet.length & 3] as u32) * 1_000_000 + (shared.a as u32) * 10_000_000 + (other.b as u32);`,
    verdicts: [
      2220 + 3 + 60_000 + 100_000 + 8_000_000 + 10_000_000,
      2220 + 3 + 60_000 + 100_000 + 8_000_000 + 20_000_000,
    ],
  },
  {
    name: "a copy of a part",
    declarations: "const Pair = struct({ x: u8, y: u8 });",
    body: `
      const header = packet.at(Header, 0);
      if (header === null) return 0;
      const pair: Value<typeof Pair> = { ...header.inner };
      header.inner = { x: 90, y: 91 };
      return pair.x * 1000 + pair.y * 100 + header.inner.x;`,
    verdicts: [3000 + 400 + 90],
  },
  {
    name: "a result is computed once",
    declarations:
      "let calls: u32 = 0;\nconst Pair = struct({ a: u32, b: u32 });\nfunction make(): Value<typeof Pair> {\n  calls += 1;\n  return { a: calls, b: calls + 1 };\n}",
    body: "const { a, b } = make();\nreturn calls * 100 + a * 10 + b;",
    verdicts: [112, 223],
  },
  {
    name: "a parameter that is taken apart",
    declarations:
      "function sum({ first, inner: { x, y } }: Value<typeof Header>): u32 {\n  return first + x * 10 + y * 100;\n}",
    body: "const header = packet.at(Header, 0);\nreturn header === null ? 0 : sum(header);",
    verdicts: [431],
  },
  {
    name: "settings that are taken apart",
    declarations: "const { low, high: { top } } = { low: 3, high: { top: 40 } };",
    body: "return low + top;",
    verdicts: [43],
  },
  {
    name: "a record with what another one has",
    declarations: "const Key = struct({ a: u8, b: u16, c: u32 });\nconst Wider = struct({ c: u32, d: u32, b: u32 });",
    body: `
      const key: Value<typeof Key> = { a: 1, b: 2, c: 3 };
      const other: Value<typeof Key> = { ...key, b: 5 };
      const wider: Value<typeof Wider> = { ...other, d: 7 };
      return other.a * 1000 + other.b * 100 + other.c * 10 + wider.b + wider.c * 10_000 + wider.d * 100_000;`,
    verdicts: [1000 + 500 + 30 + 5 + 30_000 + 700_000],
  },
  {
    name: "booleans in a record in a map; any byte but 0 is true",
    declarations:
      "const State = struct({ open: bool, seen: bool, flags: array(bool, 2) });\nconst Raw = struct({ byte: u8 });\nexport const STATES = arrayMap({ value: State, maxEntries: 1 });",
    body: `
      const state = STATES.lookup(0);
      if (state === null) return 0;
      const before = state.open;
      view(state, Raw).byte = 6;
      state.seen = state.open === true && !before;
      state.flags[1] = state.seen || state.flags[0];
      const copy: Value<typeof State> = { open: state.open, seen: false, flags: [true, before] };
      return (before ? 1 : 0) + (state.open ? 10 : 0) + (state.seen ? 100 : 0) + (state.flags[1] ? 1000 : 0) + (copy.open === state.open ? 10_000 : 0);`,
    verdicts: [11_110, 10_011],
  },
  {
    name: "booleans in a packet",
    declarations: "const Flags = struct({ zero: bool, first: bool });",
    body: "const flags = packet.at(Flags, 0);\nif (flags === null) return 0;\nflags.zero = false;\nreturn (flags.zero ? 1 : 2) + (flags.first ? 10 : 20);",
    verdicts: [12],
  },
  {
    name: "an index that is not constant, into a record that the program made",
    declarations: "const Row = struct({ cells: array(u16, 4), sum: u32 });",
    body: `
      const row: Value<typeof Row> = { cells: [1, 2, 3, 4], sum: 0 };
      row.cells[packet.length & 3] = 50;
      row.cells[(packet.length + 1) & 3] += 5;
      for (const cell of row.cells) row.sum += cell;
      return row.sum;`,
    verdicts: [50 + 7 + 3 + 4],
  },
];

export const nullable: readonly Construct[] = [
  {
    name: "?. with ??",
    declarations:
      "const Count = struct({ packets: u64, small: u8 });\nexport const COUNTS = hashMap({ key: u32, value: Count, maxEntries: 4 });",
    body: `
      const before = COUNTS.lookup(packet.length)?.packets ?? 7;
      COUNTS.update(packet.length, { packets: before + 1, small: 3 });
      return (before as u32) * 10 + (COUNTS.lookup(packet.length)?.small ?? 0);`,
    verdicts: [73, 83],
  },
  {
    name: "?. in conditions and comparisons",
    declarations:
      "const Count = struct({ packets: u64, open: bool });\nexport const COUNTS = hashMap({ key: u32, value: Count, maxEntries: 4 });",
    body: `
      let sum: u32 = 0;
      if (COUNTS.lookup(1)?.open) sum += 1;
      if (COUNTS.lookup(1)?.packets === 5) sum += 2;
      if (COUNTS.lookup(1)?.packets !== 5) sum += 4;
      if (!COUNTS.lookup(1)?.open && COUNTS.lookup(2)?.open !== true) sum += 8;
      COUNTS.update(1, { packets: 5, open: true });
      return sum;`,
    verdicts: [12, 3],
  },
  {
    name: "?? of what is in network order",
    body: `
      const there = packet.at(Header, 0)?.word ?? 0;
      const behind = packet.at(Header, 60)?.word ?? htonl(0x0102_0304);
      return there === htonl(0x0506_0708) && behind === htonl(0x0102_0304) && (packet.at(Header, 60)?.word ?? 0) === 0 ? 1 : 0;`,
    verdicts: [1],
  },
  {
    name: "?. to a record inside, and ?? of two records",
    declarations:
      "const Outer = struct({ inner: struct({ value: u32 }), cells: array(u8, 2) });\nexport const A = arrayMap({ value: Outer, maxEntries: 1 });\nexport const B = arrayMap({ value: Outer, maxEntries: 2 });",
    body: `
      const inner = A.lookup(5)?.inner;
      if (inner) return 1;
      const found = A.lookup(1) ?? B.lookup(1);
      if (found === null) return 2;
      found.inner.value += 4;
      const first = A.lookup(1)?.inner ?? found.inner;
      return first.value * 10 + (B.lookup(1)?.cells[1] ?? 9);`,
    verdicts: [40, 80],
  },
  {
    name: "the values of other CPUs",
    declarations:
      "export const COUNTS = perCpuArrayMap({ value: u32, maxEntries: 2 });\nexport const SEEN = perCpuHashMap({ key: u32, value: struct({ packets: u64 }), maxEntries: 4 });",
    body: `
      const here = COUNTS.lookup(1);
      if (here === null) return 0;
      here.value += 5;
      SEEN.update(9, { packets: here.value });
      const same = COUNTS.lookupOn(1, cpuNumber())?.value ?? 0;
      const noElement = COUNTS.lookupOn(2, cpuNumber())?.value ?? 7;
      const noCpu = COUNTS.lookupOn(1, 0xffff)?.value ?? 8;
      const seen = SEEN.lookupOn(9, cpuNumber())?.packets ?? 0;
      const noKey = SEEN.lookupOn(8, cpuNumber())?.packets ?? 4;
      return same * 10_000 + noElement * 1000 + noCpu * 100 + (noKey as u32) * 10_000_000 + (seen as u32);`,
    verdicts: [40_000_000 + 57_800 + 5, 40_000_000 + 107_800 + 10],
  },
  {
    name: "of a variable, and of what packet.at gives",
    body: `
      const header = packet.at(Header, 0);
      const x = header?.inner.x ?? 100;
      const far = packet.at(Header, 60)?.first ?? 50;
      return x + far * 10 + (packet.at(Header, 2) ?? packet.at(Header, 0) ? 1000 : 0);`,
    verdicts: [1503],
  },
];
