import { loadObject, VerifierError } from "@weir/kernel";
import { requireTool } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
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
