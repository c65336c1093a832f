import { Machine } from "@weir/bytecode/machine";
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
      if (object === undefined) return;
      const machine = new Machine(object);
      const run = () => Number(BigInt.asUintN(32, machine.run({ program: "program", packet: frame }).result));
      const results = construct.verdicts.map(run);
      expect(results, "machine").toEqual(construct.verdicts);
    }
  });
});
