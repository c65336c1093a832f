import { release } from "node:os";
import type { ProgramType } from "@weir/bytecode";
import { helpers } from "@weir/bytecode/helpers";
import { probeHelper } from "@weir/kernel";
import { expect, test } from "vitest";
import { PROBE_SECTIONS } from "../../src/probes/probe-program.ts";

// The keys of a literal record are its type's keys.
const types = Object.keys(PROBE_SECTIONS) as ProgramType[];

const version = (text: string): number => {
  const [major = 0, minor = 0] = text.split(".").map(Number);
  return major * 1000 + minor;
};
const running = version(release());

/** A kernel that is locked down refuses this to every program, and seldom can anybody see that it is. */
const dependsOnLockdown = "bpf_probe_write_user";
const asked = helpers.filter(({ name }) => name !== dependsOnLockdown);

test.each(types)("the verifier and the table of helpers agree on what %s programs may call", (type) => {
  const answers = asked.map(({ name, number }) => {
    const { answer, gplOnly = false } = probeHelper(number, type);
    return { name, answer, gplOnly };
  });
  const expected = asked.map(({ name, gplOnly, allowed }) => {
    const since = allowed[type];
    if (since === undefined || version(since) > running) return { name, answer: "no", gplOnly: false };
    return { name, answer: "yes", gplOnly };
  });
  expect(answers).toEqual(expected);
});
