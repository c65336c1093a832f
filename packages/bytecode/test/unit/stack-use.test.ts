import {
  alu,
  callFunction,
  callHelper,
  exit,
  goto,
  type Instruction,
  jump,
  load,
  type ProgramSpec,
  stackUse,
  store,
} from "@weir/bytecode";
import { describe, expect, test } from "vitest";

function program(...instructions: Instruction[]): ProgramSpec {
  const place = { name: "main", section: "xdp", type: "xdp", frags: false } as const;
  return { ...place, instructions, references: [], functions: [], lines: [] };
}
const use = (...instructions: Instruction[]) => stackUse(program(...instructions), undefined);
const copy = (destination: number, source: number) => alu("mov", 64, destination, { register: source });

describe("stackUse", () => {
  test("is the lowest place that is read or written, in whole 8s", () => {
    expect(use(store(32, 10, -20, 7), load(64, 1, 10, -8), exit())).toMatchObject([{ bytes: 24, deepest: 32 }]);
    expect(use(alu("mov", 64, 0, 2), exit())).toMatchObject([{ bytes: 0, deepest: 0 }]);
  });

  test("follows copies of the frame pointer, as helpers are given them, and forgets those that calls destroy", () => {
    expect(use(copy(2, 10), alu("add", 64, 2, -40), callHelper(1), exit())).toMatchObject([{ bytes: 40 }]);
    expect(use(copy(2, 10), callHelper(1), alu("add", 64, 2, -40), exit())).toMatchObject([{ bytes: 0 }]);
    expect(use(copy(6, 10), alu("add", 64, 6, -8), store(8, 6, -8, 1), exit())).toMatchObject([{ bytes: 16 }]);
  });

  test("does not take what another way left in a register for an address", () => {
    const code = [jump("eq", 64, 1, 0, 2), copy(2, 10), goto(1), alu("add", 64, 2, -80), exit()];
    expect(use(...code)).toMatchObject([{ bytes: 0 }]);
  });

  test("adds the deepest chain of calls, each function in whole 16s", () => {
    const main = [store(64, 10, -8, 0), callFunction(2), callFunction(3), exit()];
    const first = [store(64, 10, -24, 0), exit()];
    const second = [store(64, 10, -40, 0), exit()];
    expect(use(...main, ...first, ...second)).toEqual([
      { name: "main", start: 0, end: 4, bytes: 8, deepest: 64, calls: ["function_4", "function_6"] },
      { name: "function_4", start: 4, end: 6, bytes: 24, deepest: 32, calls: [] },
      { name: "function_6", start: 6, end: 8, bytes: 40, deepest: 48, calls: [] },
    ]);
  });

  test("ends for programs that call themselves, which the kernel refuses", () => {
    expect(use(store(64, 10, -8, 0), callFunction(-2), exit())).toMatchObject([{ deepest: 16 }]);
  });
});
