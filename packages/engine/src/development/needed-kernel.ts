import { kernelVersion, type ProgramSpec } from "@weir/bytecode";
import { helpers } from "@weir/bytecode/helpers";
import { kernelFunctions } from "@weir/bytecode/kernel-functions";

/** The first kernels with each type of program. */
const SINCE: Readonly<Record<ProgramSpec["type"], string>> = {
  xdp: "4.8",
  tcx: "6.6",
  tracepoint: "4.7",
  "raw-tracepoint": "4.17",
  "typed-tracepoint": "5.5",
  "socket-operations": "4.13",
  iterator: "5.8",
};
/** The first kernel with packets in several buffers. */
const FRAGS = "5.18";

const byName = new Map(helpers.map((helper) => [helper.name, helper]));

/** The first Linux that has the program's type and what it calls of the kernel; the verifier of an early one may still refuse it. */
export function neededKernel({ type, frags, references }: ProgramSpec, called: readonly string[]): string {
  const since = called.flatMap((name) => byName.get(name)?.since ?? []);
  const functions = references.flatMap((each) =>
    each.kind === "kernel-function" && !each.optional ? (kernelFunctions.get(each.name)?.since ?? []) : [],
  );
  return [SINCE[type], ...(frags ? [FRAGS] : []), ...since, ...functions].reduce(later);
}

function later(one: string, other: string): string {
  return kernelVersion(other) > kernelVersion(one) ? other : one;
}
