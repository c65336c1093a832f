import { release } from "node:os";
import type { ProgramType } from "@weir/bytecode";
import { type KernelFunction, kernelFunctions } from "@weir/bytecode/kernel-functions";
import { expect, test } from "vitest";
import { PROBE_SECTIONS } from "../../src/probes/probe-program.ts";
import { askAboutFunction, type FunctionAnswer } from "../fixtures/kernel-function-probe.ts";

// The keys of a literal record are its type's keys.
const types = Object.keys(PROBE_SECTIONS) as ProgramType[];

const version = (text: string): number => {
  const [major = 0, minor = 0] = text.split(".").map(Number);
  return major * 1000 + minor;
};
const running = version(release());

/** What a program of some type is given is nothing that the function takes: the verifier says so later than it says who may call. */
const takesAnotherContext = ({ arguments: [first] }: KernelFunction, type: ProgramType): boolean =>
  first?.kind === "context" && first.c !== "void *" && first.c.includes("xdp_md") !== (type === "xdp");

function expected({ allowed, deviceBound, since }: KernelFunction, type: ProgramType): FunctionAnswer {
  if (version(since) > running) return "missing";
  if (deviceBound) return "needs an interface";
  const first = allowed[type];
  return first === undefined || version(first) > running ? "not allowed" : "allowed";
}

test.each(types)("the verifier and the table of the kernel's functions agree on what %s programs may call", (type) => {
  const asked = [...kernelFunctions.values()]
    .filter((one) => !takesAnotherContext(one, type))
    .map((one) => ({ one, answer: askAboutFunction(one, type) }))
    // Modules may not be there; the kernel may be built without.
    .filter(({ one, answer }) => one.module === undefined || answer !== "missing");
  expect(asked.map(({ one, answer }) => [one.name, answer])).toEqual(
    asked.map(({ one }) => [one.name, expected(one, type)]),
  );
});
