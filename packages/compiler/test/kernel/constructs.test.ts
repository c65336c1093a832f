import { readObject, writeObject } from "@weir/bytecode";
import { PASS_NAMES } from "@weir/codegen";
import { loadObject } from "@weir/kernel";
import { describe, expect, test } from "vitest";
import { compile, formatDiagnostics } from "../../src/index.ts";
import { frame, sourceOf } from "../constructs/construct.ts";
import { constructs } from "../constructs/index.ts";

const FILE = "/construct/program.bpf.ts";

describe.each(constructs)(
  "%s: the kernel gives what people would, also from an object file and without passes",
  (_, list) => {
    test.for(list.map((construct) => [construct.name, construct] as const))("%s", ([, construct]) => {
      for (const without of construct.readsTwice ? [[]] : [[], PASS_NAMES]) {
        const { object, diagnostics } = compile(FILE, {
          readFile: (name) => (name === FILE ? sourceOf(construct) : undefined),
          without,
        });
        expect(formatDiagnostics(diagnostics)).toBe("");
        if (object === undefined) return;
        for (const spec of [object, readObject(writeObject(object))]) {
          using loaded = loadObject(spec);
          const found = loaded.program("program");
          if (found.kind !== "loaded") throw new Error("there is no program");
          const verdicts = construct.verdicts.map(() => found.program.testRun({ data: frame }).verdict >>> 0);
          expect(verdicts).toEqual(construct.verdicts);
        }
      }
    });
  },
);
