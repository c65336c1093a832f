import { type ObjectSpec, withConfig } from "@weir/bytecode";
import { VerifierError } from "@weir/kernel";
import { controlFlowComplaint } from "../../../codegen/test/depth-first.ts";
import { checkModule, compileTree } from "../../src/compile.ts";
import { type Diagnostic, formatDiagnostics } from "../../src/index.ts";
import { StepLimitError } from "../../src/interpreter/step-limit-error.ts";
import { ProgramParser } from "../../src/typescript/parse-program.ts";
import { packetsFor } from "./inputs.ts";
import { interpretTree, type Outcome, onlyMapsOf, runInMachine } from "./outcome.ts";
import { type RandomProgram, randomProgram } from "./random-program.ts";
import { runInKernel } from "./run-in-kernel.ts";
import { configValues, type Way, wayOf } from "./ways.ts";

/** What is wrong with the compiler, or with the program that was made for it. */
export interface Failure {
  readonly kind: "refused" | "exception" | "control flow" | "machine" | "verifier" | "kernel";
  readonly message: string;
}

/** How the comparison of one program ended. */
export type TrialResult =
  | { readonly kind: "agrees" }
  /** More stack, or more work for the verifier, than there is, or more turns than the tree's interpreter has the patience for. */
  | { readonly kind: "left out"; readonly why: "stack" | "verifier's limit" | "too long" }
  | { readonly kind: "fails"; readonly failure: Failure };

export interface TrialOptions {
  /** Compare with the kernel, too. */
  readonly kernel: boolean;
  /** The CPU that this process runs on, where the kernel is asked; the first one when left out. */
  readonly cpu?: number;
  /** Another way than the seed's. */
  readonly way?: Way;
  /** Another text than the seed's, which is what a reduced program is. */
  readonly text?: string;
}

/** The program of the seed means the same to the interpreter of the typed tree, the bytecode machine and the kernel. */
export function runTrial(seed: number, { kernel, cpu = 0, way = wayOf(seed), text }: TrialOptions): TrialResult {
  const made = randomProgram(seed, cpu);
  const program = { ...made, text: text ?? made.text };
  // TypeScript takes most of the time, and the types are right: unless something else is wrong, they need no check.
  const result = attempt(program, seed, way, { kernel, cpu }, true);
  return result.kind === "fails" ? attempt(program, seed, way, { kernel, cpu }, false) : result;
}

function attempt(...trial: Parameters<typeof compare>): TrialResult {
  try {
    return compare(...trial);
  } catch (error) {
    if (error instanceof StepLimitError) return { kind: "left out", why: "too long" };
    return fails("exception", error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function compare(
  program: RandomProgram,
  seed: number,
  { options, configTime }: Way,
  { kernel, cpu }: { readonly kernel: boolean; readonly cpu: number },
  typesKnown: boolean,
): TrialResult {
  const values = configTime === "initial" ? {} : configValues(seed, program);
  const { module, diagnostics } = parseText(program.text, typesKnown);
  if (module === undefined) return fails("refused", formatDiagnostics(diagnostics));
  const { tree, diagnostics: mistakes } = checkModule(module);
  if (tree === undefined) return refused(mistakes);
  const compiled = configTime === "fixed" ? checkModule(module, values).tree : tree;
  if (compiled === undefined) return fails("refused", "refused with fixed configuration values alone");
  const { object, diagnostics: late } = compileTree(compiled, { ...options, verify: true });
  if (object === undefined) return refused(late);
  for (const { instructions } of object.programs.values()) {
    const complaint = controlFlowComplaint(instructions);
    if (complaint !== undefined) return fails("control flow", complaint);
  }
  const packets = packetsFor(seed);
  const expected = interpretTree(tree, packets, { configs: values, cpu });
  const ready = configTime === "patched" ? withConfig(object, values) : object;
  const difference = firstDifference(expected, runInMachine(ready, packets, cpu), ready);
  if (difference !== undefined) return fails("machine", difference);
  return kernel ? compareKernel(ready, packets, expected, cpu) : { kind: "agrees" };
}

function compareKernel(
  object: ObjectSpec,
  packets: readonly Uint8Array[],
  expected: readonly Outcome[],
  cpu: number,
): TrialResult {
  try {
    const difference = firstDifference(expected, runInKernel(object, packets, cpu), object);
    return difference === undefined ? { kind: "agrees" } : fails("kernel", difference);
  } catch (error) {
    if (!(error instanceof VerifierError)) throw error;
    if (/too large|too complex|processed 1000001 insns/.test(error.reason))
      return { kind: "left out", why: "verifier's limit" };
    return fails("verifier", error.format({ last: 30 }));
  }
}

const FILE = "/random/program.bpf.ts";
/** One for all programs, so that the language is read once. */
const parser = new ProgramParser(FILE);

const parseText = (text: string, typesKnown: boolean) =>
  parser.parse((name) => (name === FILE ? text : undefined), { typesKnown });

/** A random program has no mistakes, but it may ask for more stack than there is. */
function refused(diagnostics: readonly Diagnostic[]): TrialResult {
  const isLimit = diagnostics.length > 0 && diagnostics.every(({ code }) => code === "WEIR1601");
  return isLimit ? { kind: "left out", why: "stack" } : fails("refused", formatDiagnostics(diagnostics));
}

const fails = (kind: Failure["kind"], message: string): TrialResult => ({ kind: "fails", failure: { kind, message } });

/** The first packet after which the two differ; undefined when there is none. */
function firstDifference(
  expected: readonly Outcome[],
  found: readonly Outcome[],
  object: ObjectSpec,
): string | undefined {
  for (const [index, wanted] of expected.entries()) {
    const [a, b] = [onlyMapsOf(wanted, object), found[index]].map((outcome) => describe(outcome));
    if (a !== b) return `after packet ${index} of ${expected.length}\n  the text means ${a}\n  it gave        ${b}`;
  }
  return undefined;
}

function describe(outcome: Outcome | undefined): string {
  return JSON.stringify(outcome, (_key, value) => (typeof value === "bigint" ? `0x${value.toString(16)}` : value));
}
