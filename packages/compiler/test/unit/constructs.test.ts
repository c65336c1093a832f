import { Machine, MachineMap } from "@weir/bytecode/machine";
import { describe, expect, test } from "vitest";
import { check, compile, formatDiagnostics, Interpreter } from "../../src/index.ts";
import { type Construct, frame, sourceOf } from "../constructs/construct.ts";
import { constructs } from "../constructs/index.ts";

const FILE = "/construct/program.bpf.ts";

const readFile = (construct: Construct) => (name: string) => (name === FILE ? sourceOf(construct) : undefined);

describe.each(constructs)("%s: the typed tree and the bytecode give what people would", (_, list) => {
  test.for(list.map((construct) => [construct.name, construct] as const))("%s", ([, construct]) => {
    const { tree, diagnostics } = check(FILE, { readFile: readFile(construct) });
    expect(formatDiagnostics(diagnostics)).toBe("");
    if (tree === undefined) return;
    const interpreter = new Interpreter(tree);
    const verdicts = construct.verdicts.map(() => Number(BigInt.asUintN(32, interpreter.run("program", frame))));
    expect(verdicts, "interpreter").toEqual(construct.verdicts);
    for (const without of [[], ["simplify"]] as const) {
      const { object, diagnostics: found } = compile(FILE, { readFile: readFile(construct), verify: true, without });
      expect(formatDiagnostics(found)).toBe("");
      const program = object?.programs.get("program");
      if (object === undefined || program === undefined) throw new Error("there is no program");
      const maps = new Map([...object.maps.values()].map((spec) => [spec.name, new MachineMap(spec)]));
      const machine = new Machine(program.instructions, { references: program.references, maps });
      const results = construct.verdicts.map(() => Number(BigInt.asUintN(32, machine.run({ packet: frame }).result)));
      expect(results, "machine").toEqual(construct.verdicts);
    }
  });
});
