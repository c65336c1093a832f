import { readObject, writeObject } from "@weir/bytecode";
import { loadObject } from "@weir/kernel";
import { describe, expect, test } from "vitest";
import { formatDiagnostics } from "../../src/index.ts";
import { compileFixture, fixturePrograms } from "../fixture-programs.ts";

/** No byte is like another, so that none can stand for another unnoticed. */
const frame = Uint8Array.from({ length: 64 }, (_, index) => index + 1);

describe("the kernel takes what the compiler makes, also from an object file", () => {
  test.for(fixturePrograms)("%s", (name) => {
    const { object, diagnostics } = compileFixture(name);
    expect(formatDiagnostics(diagnostics)).toBe("");
    if (object === undefined) return;
    for (const spec of [object, readObject(writeObject(object))]) {
      using loaded = loadObject(spec);
      for (const { name: program, type, section } of spec.programs.values()) {
        const found = loaded.program(program);
        expect(found.kind).toBe("loaded");
        // The kernel runs no program for an entry of a map alone.
        if (found.kind === "loaded" && type === "xdp" && !section.includes("/"))
          expect(found.program.testRun({ data: frame }).verdict).toBe(2);
      }
    }
  });
});
