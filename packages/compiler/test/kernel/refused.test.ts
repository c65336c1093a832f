import { loadObject, VerifierError } from "@weir/kernel";
import { requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { compile, formatDiagnostics } from "../../src/index.ts";
import { differences } from "../refusals/assess.ts";
import { type CorpusProgram, corpusFiles, corpusName, corpusObject, corpusPrograms } from "../refusals/corpus.ts";

/** Milliseconds: a verifier gives up after a million instructions, and writes each into the log. */
const PATIENCE = 300_000;

function load({ name, object, expectation }: CorpusProgram): void {
  using loaded = loadObject(object);
  let refusal: unknown;
  try {
    loaded.program(name);
  } catch (error) {
    refusal = error;
  }
  if (expectation === undefined || (expectation.until !== undefined && refusal === undefined)) {
    expect(refusal).toBeUndefined();
    return;
  }
  expect(refusal).toBeInstanceOf(VerifierError);
  if (refusal instanceof VerifierError) expect(differences(refusal, expectation)).toEqual([]);
}

describe("what only the verifier can refuse is named by its TypeScript line", { timeout: PATIENCE }, () => {
  describe.each(corpusFiles(".bpf.ts").map((file) => [corpusName(file), file]))("%s", (_, file) => {
    test.each(corpusPrograms(file, corpusObject(file)))("$name", load);
  });
});

describe.skipIf(requireTool("clang"))(
  "what weir's compiler would not make is named by its line in C",
  { timeout: PATIENCE },
  () => {
    test.each(corpusFiles(".c").map((file) => [corpusName(file), file]))("%s", (_, file) => {
      for (const program of corpusPrograms(file, corpusObject(file))) load(program);
    });
  },
);

const ANY_NUMBER = `
import type { u32 } from "@weir/bytecode/layout";
import { XDP_DROP, XDP_PASS, xdp } from "@weir/compiler/language";
export const program = xdp((packet) => {
  let at: u32 = 0;
  while (true) {
    at += 1;
    if (at > packet.length) break;
  }
  return at === 0 ? XDP_DROP : XDP_PASS;
});`;

// Not in the corpus: where a processor is emulated, the verifier takes longer than anybody waits for a recording.
test("what the verifier says behind a jump, in the same line, is heard", { timeout: PATIENCE }, () => {
  const file = "/any-number/program.bpf.ts";
  const { object, diagnostics } = compile(file, { readFile: (name) => (name === file ? ANY_NUMBER : undefined) });
  if (object === undefined) throw new Error(formatDiagnostics(diagnostics));
  using loaded = loadObject(object);
  expect(() => loaded.program("program")).toThrow(
    expect.objectContaining({ kind: "too-large", position: expect.objectContaining({ line: 8 }) }),
  );
});
