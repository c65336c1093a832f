import type { ObjectSpec } from "@weir/bytecode";
import { Machine, MachineError } from "@weir/bytecode/machine";
import { PASS_NAMES } from "@weir/codegen";
import { Random } from "@weir/laboratory";
import { compileTree } from "../../src/compile.ts";
import { check, type Diagnostic, Interpreter } from "../../src/index.ts";
import { KernelOnlyError } from "../../src/interpreter/kernel-only-error.ts";
import type { FileTree } from "../../src/tree/program.ts";
import { corpus, type Project } from "./corpus.ts";
import { edited } from "./edits.ts";

/** A garbled program: an object, diagnostics with places, or something that must not be. */
export type Ending = { readonly kind: "mistakes" | "object" } | { readonly kind: "fails"; readonly message: string };

/** A program with one of its files changed. */
export interface Garbage {
  readonly project: Project;
  readonly changed: string;
  readonly text: string;
}

/** CPU time that the compiler may take, in milliseconds: many times what it needs. */
const PATIENCE = 10_000;
const STEPS = 20_000;
/** Bytes of a map; programs with larger ones are not run. */
const ROOM = 1 << 22;

const projects = corpus();

export function garbageOf(seed: number): Garbage {
  const random = new Random(seed);
  const pick = <T>(list: readonly T[]): T => {
    const found = list[random.below(list.length)];
    if (found === undefined) throw new Error("there is nothing to garble");
    return found;
  };
  const [project, other] = [pick(projects), pick(projects)];
  const [changed, text] = pick([...project.files]);
  return { project, changed, text: edited(text, random, other.files.get(other.entry) ?? "") };
}

/** Compiles it, and runs what comes out. */
export function attempt({ project, changed, text }: Garbage): Ending {
  const before = process.cpuUsage();
  try {
    const problem = compileAndRun(project.entry, (name) => (name === changed ? text : project.files.get(name)));
    const { user, system } = process.cpuUsage(before);
    const spent = (user + system) / 1000;
    if (spent > PATIENCE) return { kind: "fails", message: `takes ${Math.round(spent)} ms` };
    return problem;
  } catch (error) {
    return { kind: "fails", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function compileAndRun(entry: string, readFile: (name: string) => string | undefined): Ending {
  const { tree, diagnostics } = check(entry, { readFile });
  if (tree === undefined) return mistakes(diagnostics);
  const [all, none] = [{}, { without: PASS_NAMES }].map((options) => compileTree(tree, { ...options, verify: true }));
  if (all?.object === undefined) return mistakes(all?.diagnostics ?? []);
  // Without passes it may need more stack than there is.
  if (none?.object === undefined) return mistakes(none?.diagnostics ?? []);
  if (tree.maps.some(({ maxEntries, value }) => maxEntries * (value?.size ?? 0) > ROOM)) return { kind: "object" };
  for (const { name, type } of all.object.programs.values()) {
    // What others are given is the kernel's alone.
    if (type !== "xdp") continue;
    const outcomes = [all.object, none.object].map((object) => machineOutcome(object, name));
    const meant = treeOutcome(tree, name);
    for (const outcome of outcomes) {
      // Where one leaves its memory, the verifier would have refused it.
      if (meant !== undefined && outcome !== undefined && meant !== outcome) {
        return { kind: "fails", message: `${name} means ${meant}, and gives ${outcome}` };
      }
    }
  }
  return { kind: "object" };
}

/** Each has a place, or is of what is in no file. */
function mistakes(diagnostics: readonly Diagnostic[]): Ending {
  if (diagnostics.length === 0) return { kind: "fails", message: "neither an object nor a diagnostic" };
  const lost = diagnostics.find(
    ({ span }) => span === undefined || span.start > span.end || span.end > span.file.text.length,
  );
  if (lost !== undefined) return { kind: "fails", message: `no place for ${lost.code}: ${lost.message}` };
  return { kind: "mistakes" };
}

const PACKETS = [16, 64, 130].map((length) => Uint8Array.from({ length }, (_, index) => (index * 7) & 0x1f));
/** What the machine gives. */
const AMBIENT = {
  monotonicTime: 1_000_000_000n,
  jiffies: 1000n,
  cpuNumber: 0n,
  randomNumber: 4n,
  ingressInterface: 1n,
};

function treeOutcome(tree: FileTree, name: string): string | undefined {
  const interpreter = new Interpreter(tree, { ambient: AMBIENT, steps: STEPS });
  try {
    return PACKETS.map((packet) => BigInt.asUintN(32, interpreter.run(name, packet)).toString(16)).join();
  } catch (error) {
    // An index or a view outside of its array, a loop without an end.
    if (error instanceof RangeError || error instanceof KernelOnlyError) return undefined;
    throw error;
  }
}

function machineOutcome(object: ObjectSpec, name: string): string | undefined {
  const machine = new Machine(object, { stepLimit: 20 * STEPS });
  try {
    return PACKETS.map((packet) =>
      BigInt.asUintN(32, machine.run({ program: name, packet }).result).toString(16),
    ).join();
  } catch (error) {
    if (error instanceof MachineError) return undefined;
    throw error;
  }
}
