import { readObject, withVariables } from "@weir/bytecode";
import { be32, struct, u8, u32, u64 } from "@weir/bytecode/layout";
import {
  ArrayMap,
  ArrayOfMaps,
  BloomFilterMap,
  BpfMap,
  HashMap,
  HashOfMaps,
  LpmTrieMap,
  loadObject,
  PerfEventArray,
  ProgramArray,
  QueueMap,
  RingBuffer,
  StackMap,
} from "@weir/kernel";
import { requirePath, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { compileSample } from "../fixtures/clang.ts";
import { mapSpec } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

const HEADERS = requirePath("/usr/include/bpf/bpf_core_read.h", "apt install libbpf-dev");
const VERDICT = { aborted: 0, drop: 1, pass: 2, tx: 3 };
const data = new Uint8Array(64);

describe.skipIf(requireTool("clang") ?? HEADERS)("what an object holds", () => {
  test("global variables are the program's own, and constants decide before it is loaded", () => {
    const object = readObject(compileSample("globals"));
    {
      using loaded = loadObject(object);
      expect(programOf(loaded, "count").testRun({ data }).verdict).toBe(VERDICT.drop);
      expect(loaded.variable("packets", u64).value).toBe(BigInt("w".charCodeAt(0)));
      expect(loaded.variable("calls", u32).value).toBe(1);
      loaded.variable("preset", u32).value = 100;
      expect(loaded.variable("hidden", u32).value).toBe(9);
      expect(loaded.variable("preset", u32).value).toBe(100);
      expect(() => {
        loaded.variable("limit", u32).value = 1;
      }).toThrow(expect.objectContaining({ isPermissionDenied: true }));
      expect(() => loaded.variable("packets", u32)).toThrow("it has 8 bytes, not 4");
      expect(() => loaded.variable("packet", u64)).toThrow(/no variable "packet"; it has limit/);
    }
    using loaded = loadObject(withVariables(object, { limit: Uint8Array.of(200, 0, 0, 0) }));
    expect(programOf(loaded, "count").testRun({ data }).verdict).toBe(VERDICT.pass);
  });

  test("tail calls reach the programs that an array begins with, and those that are put in later", () => {
    using loaded = loadObject(readObject(compileSample("tail-calls")));
    const enter = programOf(loaded, "enter");
    expect(enter.testRun({ data }).verdict).toBe(VERDICT.tx);
    expect(loaded.variable("way", u32).value).toBe(312);

    using stages = ProgramArray.of(loaded.map("stages"));
    expect(stages.id(0)).toBeUndefined();
    expect(stages.delete(5)).toBe(true);
    expect(enter.testRun({ data }).verdict).toBe(VERDICT.aborted);
    const again = programOf(loaded, "stage_two");
    stages.set(5, again);
    expect(stages.id(5)).toBe(again.id);
    expect(enter.testRun({ data }).verdict).toBe(VERDICT.tx);
  });

  test("maps of maps hold those that they begin with, and others that take their place", () => {
    using loaded = loadObject(readObject(compileSample("maps-of-maps")));
    const nested = programOf(loaded, "nested");
    expect(nested.testRun({ data }).verdict).toBe(3);
    const first = ArrayMap.of(loaded.map("first"), { value: u64 });
    const second = ArrayMap.of(loaded.map("second"), { value: u64 });
    expect([first.at(0), second.at(0), second.at(1)]).toEqual([2n, 4n, 1n]);

    using byIndex = ArrayOfMaps.of(loaded.map("by_index"));
    using there = byIndex.get(3);
    expect(there?.info.id).toBe(loaded.map("second").info.id);
    expect(byIndex.get(0)).toBeUndefined();
    byIndex.set(2, loaded.map("first"));
    using tenants = HashOfMaps.of(loaded.map("tenants"), { key: u64 });
    using table = BpfMap.create(
      mapSpec({ name: "t", type: "hash", keySize: 2, valueSize: 2, maxEntries: 9, flags: 1 }),
    );
    tenants.set(7n, table);
    expect(nested.testRun({ data }).verdict).toBe(14);
    expect(tenants.delete(7n)).toBe(true);
    expect(() => byIndex.set(0, table)).toThrow("EINVAL");
  });

  test("queues, stacks and Bloom filters move values between user space and programs", () => {
    using loaded = loadObject(readObject(compileSample("keyless-maps")));
    using waiting = QueueMap.of(loaded.map("waiting"), { value: u32 });
    using pile = StackMap.of(loaded.map("pile"), { value: u32 });
    using seen = BloomFilterMap.of(loaded.map("seen"), { value: u32 });
    for (const value of [7, 8, 9]) waiting.push(value);
    expect(waiting.peek()).toBe(7);
    expect(seen.mayHave(7)).toBe(false);

    const move = programOf(loaded, "move");
    for (let run = 0; run < 2; run++) expect(move.testRun({ data }).verdict).toBe(VERDICT.drop);
    expect(seen.mayHave(7)).toBe(true);
    seen.add(1234);
    expect(seen.mayHave(1234)).toBe(true);
    expect([pile.peek(), pile.pop(), pile.pop(), pile.pop()]).toEqual([8, 8, 7, undefined]);
    expect([waiting.pop(), waiting.pop(), waiting.peek()]).toEqual([9, undefined, undefined]);
    expect(() => QueueMap.of(loaded.map("pile"), { value: u32 })).toThrow("it is a map of type stack, not queue");
  });

  test("a table of prefixes finds the longest", () => {
    using loaded = loadObject(readObject(compileSample("keyed-maps")));
    const Counter = struct({ packets: u64, bytes: u64 });
    const Prefix = struct({ length: u32, address: be32 });
    using prefixes = LpmTrieMap.of(loaded.map("prefixes"), { key: Prefix, value: Counter });
    const touch = programOf(loaded, "touch");
    expect(touch.testRun({ data }).verdict).toBe(0);
    prefixes.set({ length: 24, address: 0xc000_0200 }, { packets: 1n, bytes: 0n });
    prefixes.set({ length: 8, address: 0xc000_0000 }, { packets: 2n, bytes: 0n });
    expect(touch.testRun({ data }).verdict).toBe(1);
    expect(prefixes.get({ length: 32, address: 0xc000_0207 })?.packets).toBe(1n);
    expect(prefixes.get({ length: 32, address: 0xc001_0207 })?.packets).toBe(2n);
    expect([...prefixes.entries()]).toHaveLength(2);
    const hash = HashMap.of(loaded.map("hash"), { key: u32, value: Counter });
    expect(hash.get(3)).toEqual({ packets: 2n, bytes: 60n });
  });
});

describe.skipIf(requireTool("clang") ?? HEADERS)("records for user space", () => {
  const Event = struct({ number: u32, length: u32 });
  const numberOf = (record: Uint8Array): number => new DataView(record.buffer, record.byteOffset).getUint32(0, true);

  test("come out of a ring buffer in order, round after round, without those that were discarded", () => {
    using loaded = loadObject(readObject(compileSample("events")));
    using ring = RingBuffer.of(loaded.map("ring"));
    const report = programOf(loaded, "report");
    const seen: number[] = [];
    // 16 bytes each: more than ten times around the ring.
    for (let round = 0; round < 30; round++) {
      for (let run = 0; run < 100; run++) report.testRun({ data });
      ring.drain((record) => {
        expect(record.length).toBe(Event.size);
        seen.push(numberOf(record));
      });
    }
    expect(seen).toEqual(Array.from({ length: 3000 }, (_, index) => index + 1).filter((number) => number % 3 !== 0));
    expect(ring.drain(() => expect.unreachable())).toBe(0);
  });

  test("are taken so many at a time", () => {
    using loaded = loadObject(readObject(compileSample("events")));
    using ring = RingBuffer.of(loaded.map("ring"));
    const report = programOf(loaded, "report");
    for (let run = 0; run < 6; run++) report.testRun({ data });
    const taken: number[] = [];
    const take = (most: number) => ring.drain((record) => taken.push(numberOf(record)), most);
    // The third and the sixth are discarded.
    expect([take(0), take(3), take(3)]).toEqual([0, 3, 1]);
    expect(taken).toEqual([1, 2, 4, 5]);
  });

  test("are waited for", async () => {
    using loaded = loadObject(readObject(compileSample("events")));
    using ring = RingBuffer.of(loaded.map("ring"));
    const report = programOf(loaded, "report");
    const stop = new AbortController();
    const timer = setInterval(() => report.testRun({ data }), 5);
    const seen: number[] = [];
    for await (const record of ring.watch({ every: 2, signal: stop.signal })) {
      seen.push(numberOf(record));
      if (seen.length === 4) stop.abort();
    }
    clearInterval(timer);
    expect(seen.slice(0, 4)).toEqual([1, 2, 4, 5]);
  });

  test("come out of perf events, CPU by CPU, and what found no room is counted", () => {
    using loaded = loadObject(readObject(compileSample("events")));
    using perf = new PerfEventArray(loaded.map("perf"), { pages: 1 });
    const report = programOf(loaded, "report");
    const seen: number[] = [];
    using ring = RingBuffer.of(loaded.map("ring"));
    let runs = 0;
    const run = (times: number) => {
      for (let time = 0; time < times; time++, runs++) report.testRun({ data });
      // A full ring would end the program before it comes to the event.
      ring.drain(() => undefined);
    };
    const drain = () => perf.drain((record) => seen.push(numberOf(record)));
    // Several times around the page, which no whole number of records fills.
    for (let round = 0; round < 20; round++) {
      run(50);
      drain();
    }
    expect(seen.toSorted((left, right) => left - right)).toEqual(Array.from({ length: runs }, (_, index) => index + 1));
    expect(perf.lost).toBe(0n);

    for (let round = 0; round < 5; round++) run(150);
    drain();
    // The kernel says so in front of the next record that finds room.
    run(150);
    drain();
    expect(perf.lost).toBeGreaterThan(0n);
    expect(BigInt(runs) - BigInt(seen.length)).toBe(perf.lost);
  });
});

test.skipIf(requireTool("clang") ?? HEADERS)(
  "callbacks and timers run, and a timer's value has its place",
  async () => {
    using loaded = loadObject(readObject(compileSample("callbacks")));
    const numbers = HashMap.of(loaded.map("numbers"), { key: u32, value: u32 });
    numbers.set(3, 5);
    numbers.set(4, 6);
    expect(programOf(loaded, "start").testRun({ data }).verdict).toBe(VERDICT.pass);
    expect(loaded.variable("looped", u32).value).toBe(36);
    expect(loaded.variable("walked", u32).value).toBe(39);
    await expect.poll(() => loaded.variable("fired", u32).value).toBe(1);
  },
);

test.skipIf(requireTool("clang") ?? HEADERS)("a program that takes frags sees a packet in several buffers", () => {
  using loaded = loadObject(readObject(compileSample("frags")));
  const frame = new Uint8Array(9000);
  frame[8999] = 77;
  const { verdict } = programOf(loaded, "whole").testRun({ data: frame });
  expect(verdict).toBe(VERDICT.tx);
  expect(loaded.variable("length", u32).value).toBe(9000);
  expect(loaded.variable("last", u8).value).toBe(77);
});
