import { expect, test } from "vitest";
import { ModuleBuilder, type SourcePosition } from "../../src/index.ts";

const at = (line: number): SourcePosition => ({ file: "program.ts", line, column: 1, text: `line ${line}` });

test("callees stand behind the program once, with functions, lines and references at their slots", () => {
  const module = new ModuleBuilder();
  const callee = module.function("double", { parameters: 1, position: at(10) });
  callee.return(callee.binary("add", 64, callee.parameter(0), callee.parameter(0)));
  const program = module.function("program", { parameters: 1, position: at(1) });
  program.position = at(2);
  const limit = program.config("limit", 32);
  const first = program.callFunction("double", [limit]);
  program.position = at(3);
  program.return(program.callFunction("double", [first]));
  const { instructions, functions, references, lines } = module.build("program");
  expect(functions).toEqual([
    { slot: 0, name: "program" },
    { slot: 5, name: "double" },
  ]);
  expect(references).toEqual([{ kind: "config", slot: 0, config: "limit" }]);
  expect(lines.map(({ slot, position }) => [slot, position.line])).toEqual([
    [0, 2],
    [3, 3],
    [5, 10],
  ]);
  expect(instructions.filter(({ opcode }) => opcode === 0x85).map(({ immediate }) => immediate)).toEqual([3, 1]);
});

test("several programs are built from one module", () => {
  const module = new ModuleBuilder();
  for (const name of ["first", "second"]) {
    const builder = module.function(name, { parameters: 1 });
    builder.return(builder.constant(32, name === "first" ? 1n : 2n));
  }
  expect(module.build("first").instructions[0]?.immediate).toBe(1);
  expect(module.build("second").instructions[0]?.immediate).toBe(2);
});

test("a function that is called and missing is named", () => {
  const module = new ModuleBuilder();
  const builder = module.function("program", { parameters: 1 });
  builder.return(builder.callFunction("missing", []));
  expect(() => module.build("program")).toThrow("there is no function missing");
});
