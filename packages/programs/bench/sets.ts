/**
 * Nanoseconds that a look-up in a named set takes, over the same program without it, beside a trie of prefixes and a hash map of the kernel with the
 * same contents; how long a million entries take to load from a file, and one to add. By test run on one CPU, the programs in turn.
 *
 * `npm run bench:sets`, as root; words choose comparisons by parts of their names: `npm run bench:sets -- IPv6`.
 */
import { fileURLToPath } from "node:url";
import { type ObjectSpec, withConfig, withFunctions, withMapSizes } from "@weir/bytecode";
import { u32 } from "@weir/bytecode/layout";
import { compile, formatDiagnostics } from "@weir/compiler";
import { ArrayMap, HashMap, type LoadedObject, LpmTrieMap, waitForPrograms } from "@weir/kernel";
import { Random } from "@weir/laboratory";
import {
  addressOf,
  IPV6_NUMBERS,
  Ipv4Set,
  Ipv6Set,
  ipv4Prefix,
  ipv4PrefixText,
  lengthOf,
  readSetFile,
} from "@weir/rules";
import { SetPage } from "../src/records/sets.ts";
import { Comparison, heading, type Runner, runner } from "./interleaved.ts";
import { ASKED_EACH, Asked, Prefix4, Prefix6 } from "./sets-records.ts";

const SOURCES = 131_072;
const MILLION = 1_000_000;
const PROGRAM = "look_up";
const KEY = 0x1234_5678_9abc_def1n;
/** Of a single rule that asks a single set. */
const AS_RULES_ASK = [["search_ipv6_set"], ["in_ipv4_set", "in_ipv6_set"]];
const frame = new Uint8Array(64);
const random = new Random(20_261_129);
const chosen = process.argv.slice(2);

const { object: compiled, diagnostics } = compile(fileURLToPath(new URL("sets.bpf.ts", import.meta.url)));
if (compiled === undefined) throw new Error(formatDiagnostics(diagnostics));
const object: ObjectSpec = compiled;

const mask = (length: number): number => (length === 0 ? 0 : (0xffff_ffff << (32 - length)) >>> 0);
/** From 1.0.0.0 to 223.255.255.255. */
const anyAddress = (): number => 0x0100_0000 + random.below(0xdf00_0000);

/** Half of them addresses, a third nets of 24 bits, the others longer, and some of 20 to 23 bits. */
function somePrefixes(count: number): Float64Array {
  const lengths = [...Array<number>(10).fill(32), ...Array<number>(7).fill(24), 25, 28, 20 + random.below(4)];
  const found = new Set<number>();
  while (found.size < count) {
    const length = lengths[random.below(lengths.length)] ?? 32;
    found.add(ipv4Prefix((anyAddress() & mask(length)) >>> 0, length));
  }
  return Float64Array.from(found);
}

/** As lists of nets have them: most of 32, 48 and 64 bits, in 2000::/3. */
function somePrefixes6(count: number): Uint32Array {
  const all = new Uint32Array(count * IPV6_NUMBERS);
  for (let at = 0; at < all.length; at += IPV6_NUMBERS) {
    const length = [29, 32, 32, 40, 44, 48, 48, 48, 56, 64, 64, 128][random.below(12)] ?? 48;
    const words = [0x2000_0000 + random.below(0x2000_0000), ...Array.from({ length: 3 }, () => random.below(2 ** 32))];
    for (const [index, word] of words.entries()) {
      all[at + index] = word & mask(Math.min(Math.max(length - index * 32, 0), 32));
    }
    all[at + 4] = length;
  }
  return all;
}

/** An address that is asked for: a member, or one at random. */
type Asking = (isMember: boolean) => readonly [high: bigint, low: bigint];

const ask4 = (prefixes: Float64Array): Asking => {
  return (isMember) => {
    if (!isMember) return [0n, BigInt(anyAddress())];
    const prefix = prefixes[random.below(prefixes.length)] ?? 0;
    return [0n, BigInt(addressOf(prefix) + random.below(2 ** (32 - lengthOf(prefix))))];
  };
};

const ask6 = (prefixes: Uint32Array): Asking => {
  return (isMember) => {
    const at = random.below(prefixes.length / IPV6_NUMBERS) * IPV6_NUMBERS;
    const length = isMember ? (prefixes[at + 4] ?? 0) : 3;
    const [a, b, c, d] = [0, 1, 2, 3].map((word) => {
      const kept = mask(Math.min(Math.max(length - word * 32, 0), 32));
      return BigInt((((prefixes[at + word] ?? 0) & kept) | (random.below(2 ** 32) & ~kept)) >>> 0);
    });
    return [((a ?? 0n) << 32n) | (b ?? 0n), ((c ?? 0n) << 32n) | (d ?? 0n)];
  };
};

interface Way {
  readonly way: number;
  /** Called as a whole, and not, as rules do, with its beginning as a part of the program. */
  readonly called?: true;
  readonly sizes?: Readonly<Record<string, number>>;
  fill?(object: LoadedObject): void;
}

const setOf = (prefixes: Float64Array): Way => ({
  way: 1,
  sizes: { IPV4_SET: Ipv4Set.pagesFor(prefixes.length) },
  fill(loaded) {
    using memory = ArrayMap.of(loaded.map("IPV4_SET"), { value: SetPage }).memory({ writable: true });
    const set = Ipv4Set.build(new Uint8Array(memory.buffer), prefixes, { random: KEY });
    if (set === "grow") throw new Error("the set has no room");
  },
});

const set6Of = (prefixes: Uint32Array): Way => ({
  way: 4,
  sizes: { IPV6_SET: Ipv6Set.pagesFor(prefixes.length / IPV6_NUMBERS, prefixes) },
  fill(loaded) {
    using memory = ArrayMap.of(loaded.map("IPV6_SET"), { value: SetPage }).memory({ writable: true });
    const set = Ipv6Set.build(new Uint8Array(memory.buffer), prefixes, { random: KEY });
    if (set === "grow") throw new Error("the set has no room");
  },
});

const trieOf = (prefixes: Float64Array): Way => ({
  way: 2,
  sizes: { TRIE: prefixes.length },
  fill(loaded) {
    using trie = LpmTrieMap.of(loaded.map("TRIE"), { key: Prefix4, value: u32 });
    for (const prefix of prefixes) trie.set({ length: lengthOf(prefix), address: addressOf(prefix) }, 1);
  },
});

const trie6Of = (prefixes: Uint32Array): Way => ({
  way: 5,
  sizes: { TRIE6: prefixes.length / IPV6_NUMBERS },
  fill(loaded) {
    using trie = LpmTrieMap.of(loaded.map("TRIE6"), { key: Prefix6, value: u32 });
    for (let at = 0; at < prefixes.length; at += IPV6_NUMBERS) {
      const [first = 0, second = 0, third = 0, fourth = 0, length = 0] = prefixes.subarray(at, at + IPV6_NUMBERS);
      trie.set({ length, first, second, third, last: fourth }, 1);
    }
  },
});

const hashOf = (prefixes: Float64Array): Way => ({
  way: 3,
  sizes: { HASH: prefixes.length },
  fill(loaded) {
    using hash = HashMap.of(loaded.map("HASH"), { key: u32, value: u32 });
    for (const prefix of prefixes) hash.set(addressOf(prefix), 1);
  },
});

/** A program with its addresses, of which it asks one after the other. */
function looking(
  { way, called, sizes = {}, fill }: Way,
  asked: BigUint64Array,
  last: number,
  objects: DisposableStack,
): Runner {
  const whole = withFunctions(object, PROGRAM, [], called ? [] : AS_RULES_ASK);
  const spec = withMapSizes(withConfig(whole, { way, last }), { IPV4_SET: 65, IPV6_SET: 65, ...sizes });
  return runner(spec, PROGRAM, objects, (loaded) => {
    using memory = ArrayMap.of(loaded.map("ASKED"), { value: Asked }).memory({ writable: true });
    new BigUint64Array(memory.buffer).set(asked);
    fill?.(loaded);
  });
}

/** @param members how many of a hundred are members */
function askedOf(asking: Asking, members: number): BigUint64Array {
  const words = new BigUint64Array(SOURCES * 2);
  for (let index = 0; index < SOURCES; index++) {
    const at = Math.floor(index / ASKED_EACH) * ASKED_EACH * 2 + (index % ASKED_EACH);
    const [high, low] = asking((index * members) % 100 < members);
    words[at] = high;
    words[at + ASKED_EACH] = low;
  }
  return words;
}

function compare(title: string, asking: Asking, ways: Readonly<Record<string, Way>>): void {
  if (chosen.length > 0 && !chosen.some((word) => title.includes(word))) return;
  for (const [name, last, members] of [
    ["1 address", 0, 100],
    [`${SOURCES.toLocaleString("en")} addresses, half of them members`, SOURCES - 1, 50],
    [`${SOURCES.toLocaleString("en")} addresses at random`, SOURCES - 1, 0],
  ] as const) {
    const asked = askedOf(asking, members);
    using objects = new DisposableStack();
    const programs: Record<string, Runner> = { nothing: looking({ way: 0 }, asked, last, objects) };
    for (const [label, way] of Object.entries(ways)) programs[label] = looking(way, asked, last, objects);
    const times = new Comparison(programs, frame);
    const over = Object.keys(ways).map((label) => `${label} ${times.beyond(label, "nothing")} ns`);
    process.stdout.write([`${title}, ${name}: ${over.join(", ")}`, ...times.lines(), "", ""].join("\n"));
  }
}

/** Milliseconds from the bytes of a file to a set that the program looks up, in the kernel's memory; then microseconds of live changes. */
function load(prefixes: Float64Array): void {
  const text = new TextEncoder().encode([...prefixes].map(ipv4PrefixText).join("\n"));
  const times: number[] = [];
  for (let round = 0; round < 7; round++) {
    const sizes = { IPV4_SET: Ipv4Set.pagesFor(MILLION), IPV6_SET: 65 };
    using objects = new DisposableStack();
    let changes = "";
    runner(withMapSizes(withConfig(object, { way: 1 }), sizes), PROGRAM, objects, (loaded) => {
      using memory = ArrayMap.of(loaded.map("IPV4_SET"), { value: SetPage }).memory({ writable: true });
      const begin = performance.now();
      const { ipv4 } = readSetFile(text, "list");
      const bytes = new Uint8Array(memory.buffer);
      const set = Ipv4Set.build(bytes, ipv4, { random: KEY, settle: waitForPrograms });
      times.push(performance.now() - begin);
      if (set === "grow") throw new Error("the set has no room");
      if (round === 6) changes = liveChanges(set);
    });
    if (changes !== "") process.stdout.write(changes);
  }
  const sorted = times.toSorted((a, b) => a - b).map((time) => time.toFixed(0));
  process.stdout.write(`load of ${prefixes.length} from a file: median ${sorted[3]} ms: ${sorted.join(" ")}\n`);
}

function liveChanges(set: Ipv4Set): string {
  const [adding, removing] = [new Float64Array(1000), new Float64Array(1000)];
  for (let index = 0; index < 1000; index++) {
    const prefix = ipv4Prefix(anyAddress(), 32);
    if (set.lists(prefix)) continue;
    const begin = performance.now();
    set.add(prefix);
    const between = performance.now();
    set.remove(prefix);
    adding[index] = (between - begin) * 1000;
    removing[index] = (performance.now() - between) * 1000;
  }
  const figures = (times: Float64Array) => {
    const sorted = times.toSorted();
    return `median ${sorted[500]?.toFixed(1)} µs, 99 % ${sorted[990]?.toFixed(1)}, most ${sorted[999]?.toFixed(1)}`;
  };
  return `one entry added live to a million: ${figures(adding)}; taken out: ${figures(removing)}\n`;
}

process.stdout.write(`${heading()}\n\n`);
const few = somePrefixes(10_000);
compare("10,000 IPv4 prefixes", ask4(few), {
  set: setOf(few),
  "set, called": { ...setOf(few), called: true },
  trie: trieOf(few),
});
const many = somePrefixes(MILLION);
compare("1,000,000 IPv4 prefixes", ask4(many), {
  set: setOf(many),
  "set, called": { ...setOf(many), called: true },
  trie: trieOf(many),
});
const exact = new Set<number>();
while (exact.size < MILLION) exact.add(ipv4Prefix(anyAddress(), 32));
const addresses = Float64Array.from(exact);
compare("1,000,000 IPv4 addresses", ask4(addresses), {
  set: setOf(addresses),
  "set, called": { ...setOf(addresses), called: true },
  hash: hashOf(addresses),
});
const six = somePrefixes6(10_000);
compare("10,000 IPv6 prefixes", ask6(six), {
  set: set6Of(six),
  "set, called": { ...set6Of(six), called: true },
  trie: trie6Of(six),
});
if (chosen.length === 0 || chosen.includes("load")) load(addresses);
