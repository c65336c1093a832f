import { setTimeout } from "node:timers/promises";
import { array, u32, u64 } from "@weir/bytecode/layout";
import { Random, requireRoot, requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { objectOfC, Twin } from "../twin/twin.ts";

const ONE_MILLISECOND = 1_000_000n;

describe.skipIf(requireRoot() ?? requireTool("clang"))(
  "calls, loops, locks and timers in the machine are the kernel's",
  () => {
    const object = objectOfC("control.c");

    test("tail calls: to nowhere, to another, to itself until the kernel says no", async () => {
      using twin = await Twin.load(object);
      expect(twin.ask("endless_chain", { number: 1 })).toEqual({ verdict: "tx", result: 1n });
      twin.both((one) => one.setProgram("chain", 1, "end_of_chain"));
      expect(twin.ask("endless_chain", { number: 1 })).toEqual({ verdict: "pass", result: 101n });
      twin.both((one) => one.setProgram("chain", 0, "endless_chain"));
      // The first time, and 33 tail calls.
      expect(twin.ask("endless_chain", { number: 0 })).toEqual({ verdict: "tx", result: 34n });
      twin.both((one) => one.setProgram("chain", 0, undefined));
      expect(twin.ask("endless_chain", { number: 0 }).result).toBe(1n);
      twin.ask("endless_chain", { number: 99 });
    });

    test("bpf_loop ends where it is told", async () => {
      using twin = await Twin.load(object);
      for (const number of [0, 1, 7, 1000, (1 << 23) + 1]) {
        for (const kind of [0, 3, 5000]) twin.ask("loops", { number, kind });
      }
    });

    test("bpf_for_each_map_elem sees all elements, and changes them", async () => {
      using twin = await Twin.load(object);
      for (const number of [0, 3, 1000]) for (const kind of [0, 2, 9]) twin.ask("for_each", { number, kind });
    });

    test("locks stay the kernel's own in values that are copied", async () => {
      using twin = await Twin.load(object);
      const random = new Random(19);
      for (let round = 0; round < 100; round++) {
        twin.ask("locks", { number: random.below(100), kind: random.below(5), flags: BigInt(random.below(8)) });
      }
      const contents = twin.both((one) => one.arrayMap("locked", array(u32, 4)).get(0));
      expect(contents?.slice(0, 2)).toEqual([0, 100]);
      twin.both((one) =>
        one
          .hashMap("locked_hash", { key: u32, value: array(u32, 4) })
          .entries()
          .sort(([a], [b]) => a - b),
      );
    });

    test("timers: what is refused, and what fires", async () => {
      using twin = await Twin.load(object);
      const ask = (kind: number, flags = 0n) => twin.ask("timers", { kind, number: 1, flags });
      for (const kind of [1, 2, 3]) ask(kind);
      expect(ask(0).result).toBe(0n);
      ask(0);
      expect(ask(2, 1000n).result).toBe(-22n);
      ask(1);
      ask(4, 16n);
      expect(ask(2, 3_600_000n * ONE_MILLISECOND).result).toBe(0n);
      expect(ask(3).result).toBe(1n);
      expect(ask(3).result).toBe(0n);
      // What was cancelled has no callback any more.
      expect(ask(2, ONE_MILLISECOND).result).toBe(-22n);
      ask(1);
      ask(2, ONE_MILLISECOND);
      twin.machine.machine.advance(100n * ONE_MILLISECOND);
      await setTimeout(100);
      expect(ask(5).result).toBe(1n);
      ask(3);
    });

    test("atomic instructions, and global variables", async () => {
      using twin = await Twin.load(object);
      const random = new Random(23);
      for (let round = 0; round < 200; round++) {
        const flags = random.pick([0n, 99n, BigInt(random.below(2 ** 32)), random.bits()]);
        twin.ask("atomics", { kind: random.below(9), number: random.pick([0, 5, random.below(2 ** 32)]), flags });
      }
      expect(twin.both((one) => one.variable("calls", u32))).toBe(200);
      expect(twin.both((one) => one.variable("counter", u64))).toBe(607n);
      twin.both((one) => one.variable("words", array(u64, 3)));
      twin.both((one) => one.setVariable("counter", u64, 1n));
      twin.ask("atomics", {});
      expect(twin.both((one) => one.variable("counter", u64))).toBe(4n);
      for (const one of [twin.machine, twin.kernel]) {
        expect(() => one.setVariable("step", u32, 1)).toThrow('variable "step" is a constant');
      }
    });

    test("functions that are called, with memory of their own", async () => {
      using twin = await Twin.load(object);
      const random = new Random(29);
      for (let round = 0; round < 40; round++) {
        twin.ask("calls_functions", {
          kind: random.below(2 ** 32),
          number: random.below(2 ** 32),
          flags: random.bits(),
        });
      }
    });
  },
);
