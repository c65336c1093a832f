import { describe, expect, test } from "vitest";
import {
  alu,
  callFunction,
  exit,
  type FunctionCode,
  functionCodes,
  functionsFor,
  type Instruction,
  jump,
  load,
  type ObjectSpec,
  store,
  withFunctions,
} from "../../../src/index.ts";
import { Machine } from "../../../src/machine/index.ts";

/** r6 = 5, and 40 on the stack; then what `f` gives for 7, and both. The rest is jumped over or not, by what it is. */
const MAIN: readonly Instruction[] = [
  alu("mov", 64, 6, 5),
  store(64, 10, -8, 40),
  alu("mov", 64, 1, 7),
  jump("eq", 64, 6, 6, 4), // over the call, to the end: not taken
  callFunction(5), // f, at slot 10
  alu("add", 64, 0, { register: 6 }),
  load(64, 1, 10, -8),
  alu("add", 64, 0, { register: 1 }),
  exit(),
  exit(),
];
const F: readonly Instruction[] = [alu("mov", 64, 0, 1), exit()];

const object = (): ObjectSpec => ({
  license: "",
  maps: new Map(),
  programs: new Map([
    [
      "main",
      {
        ...{ name: "main", section: "xdp", type: "xdp", frags: false, references: [], functions: [], lines: [] },
        instructions: [...MAIN, ...F],
      },
    ],
  ]),
  configs: new Map(),
  btf: undefined,
});

const code = (name: string, instructions: readonly Instruction[], uses: readonly (readonly [number, string])[] = []) =>
  ({ name, instructions, references: [], uses: new Map(uses), lines: [], type: 0 }) satisfies FunctionCode;

const result = (spec: ObjectSpec): bigint => new Machine(spec).run({ packet: new Uint8Array(64) }).result;
const called = functionCodes(object().programs.get("main") ?? fail(), undefined)[1]?.name ?? "";

function fail(): never {
  throw new Error("there is no program");
}

/** Twice the argument, by way of its own stack, from two places. */
const TWICE = code(called, [
  store(64, 10, -8, { register: 1 }),
  alu("mov", 64, 2, { register: 10 }),
  alu("add", 64, 2, -8),
  load(64, 0, 2, 0),
  jump("ne", 64, 1, 7, 2),
  alu("add", 64, 0, { register: 0 }),
  exit(),
  alu("mov", 64, 0, 0),
  exit(),
]);

describe("a program with other functions", () => {
  test("has its own as they were", () => {
    expect(result(object())).toBe(46n);
    expect(
      functionCodes(object().programs.get("main") ?? fail(), undefined).map(({ instructions }) => instructions.length),
    ).toEqual([10, 2]);
  });

  test("calls those that were given instead, and those that they call", () => {
    const instead = code(called, [callFunction(0), alu("mul", 64, 0, 3), exit()], [[0, "three"]]);
    const three = code("three", [alu("mov", 64, 0, 3), exit()]);
    expect(result(withFunctions(object(), "main", [instead, three, code("unused", [exit()])]))).toBe(9n + 45n);
    expect(() => withFunctions(object(), "main", [instead])).toThrow("three");
    expect(() => withFunctions(object(), "nothere", [])).toThrow("nothere");
  });

  test("has one of them as a part of itself, with a stack below its own", () => {
    const apart = withFunctions(object(), "main", [TWICE]);
    const whole = withFunctions(object(), "main", [TWICE], [[called]]);
    expect(result(apart)).toBe(14n + 45n);
    expect(result(whole)).toBe(14n + 45n);
    expect(whole.programs.get("main")?.instructions.length).toBe(MAIN.length - 1 + TWICE.instructions.length);
  });

  test("keeps on its stack what it still needs of the registers that a part of it changes", () => {
    const keeping = code(called, [
      store(64, 10, -8, { register: 1 }),
      alu("mov", 64, 6, { register: 1 }),
      alu("mov", 64, 9, 3),
      load(64, 0, 10, -8),
      jump("ne", 64, 6, 7, 2),
      alu("mul", 64, 0, { register: 9 }),
      exit(),
      alu("mov", 64, 0, 0),
      exit(),
    ]);
    const whole = withFunctions(object(), "main", [keeping], [[called]]);
    expect(result(whole)).toBe(21n + 45n);
    expect(whole.programs.get("main")?.instructions.length).toBe(MAIN.length - 1 + keeping.instructions.length + 2);
  });

  test("has as many of it as there were calls, also of what calls others", () => {
    // (f(7) + f(4)) * 100, by a function that is itself a part of the program
    const sum = code(
      called,
      [
        callFunction(0),
        store(64, 10, -8, { register: 0 }),
        alu("mov", 64, 1, 4),
        callFunction(0),
        load(64, 1, 10, -8),
        alu("add", 64, 0, { register: 1 }),
        alu("mul", 64, 0, 100),
        exit(),
      ],
      [
        [0, "more"],
        [3, "more"],
      ],
    );
    const more = code("more", [callFunction(0), alu("add", 64, 0, 1), exit()], [[0, "twice"]]);
    const twice = code("twice", [alu("mov", 64, 0, { register: 1 }), alu("mul", 64, 0, 2), exit()]);
    const functions = [sum, more, twice];
    for (const inlined of [[], [["more"]], [["more"], [called]], [["twice"], ["more"], [called]]]) {
      const made = withFunctions(object(), "main", functions, inlined);
      expect(result(made), inlined.flat().join(" ")).toBe((15n + 9n) * 100n + 45n);
      expect(functionCodes(made.programs.get("main") ?? fail(), undefined).length, inlined.flat().join(" ")).toBe(
        4 - inlined.length,
      );
    }
  });

  test("has lines of the code that was put into it", () => {
    const position = { file: "rules.yaml", text: "udp", line: 3, column: 5 };
    const compiled = {
      instructions: F,
      references: [],
      functions: [{ slot: 0, name: "f" }],
      lines: [{ slot: 0, position }],
    };
    expect(functionsFor(object(), compiled).functions).toMatchObject([{ name: "f", lines: [] }]);
  });
});
