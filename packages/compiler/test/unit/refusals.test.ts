import { VerifierError } from "@weir/kernel";
import { describe, expect, test } from "vitest";
import { differences } from "../refusals/assess.ts";
import { corpusFiles, corpusName, corpusPrograms } from "../refusals/corpus.ts";
import { RECORDED_KERNELS, recordedLogs, recordedObject } from "../refusals/recording.ts";

const files = [...corpusFiles(".bpf.ts"), ...corpusFiles(".c")].map((file) => ({
  name: corpusName(file),
  programs: corpusPrograms(file, recordedObject(file)),
  logs: RECORDED_KERNELS.map((kernel) => [kernel, recordedLogs(file, kernel)] as const),
}));

/** Errors do not depend on it. */
const EACCES = 13;

describe.each(RECORDED_KERNELS)("what Linux %s wrote is explained", (kernel) => {
  const cases = files.flatMap(({ name, programs, logs }) =>
    programs.map((program) => ({
      ...program,
      title: `${name}: ${program.name}`,
      log: logs.find(([recorded]) => recorded === kernel)?.[1].get(program.name),
    })),
  );

  test.each(cases)("$title", ({ name, object, expectation, log }) => {
    expect(log, "there is no log: record again").toBeDefined();
    const [program] = object.programs.values();
    if (log === undefined || program === undefined) return;
    if (log === null) {
      expect(expectation === undefined || expectation.until !== undefined, `Linux ${kernel} took ${name}`).toBe(true);
      return;
    }
    if (expectation === undefined) throw new Error(`Linux ${kernel} refused ${name}: ${log.join("\n")}`);
    expect(differences(new VerifierError(program, EACCES, log, object.btf), expectation)).toEqual([]);
  });
});

test("the corpus has at least 40 refusals of 20 kinds, and 10 programs that are taken", () => {
  const expectations = files.flatMap(({ programs }) => programs.map(({ expectation }) => expectation));
  const refused = expectations.filter((expectation) => expectation !== undefined);
  expect(refused.length).toBeGreaterThanOrEqual(40);
  expect(new Set(refused.flatMap(({ kinds }) => kinds)).size).toBeGreaterThanOrEqual(20);
  expect(expectations.length - refused.length).toBeGreaterThanOrEqual(10);
});
