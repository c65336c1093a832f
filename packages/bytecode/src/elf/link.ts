import type { Instruction } from "../instruction.ts";
import { ObjectError } from "../object-error.ts";
import { programTypeOf, takesFrags } from "../program-type.ts";
import type { ProgramSpec, Reference } from "../spec.ts";
import type { ConfigReference } from "./config-section.ts";
import type { ReadFunction } from "./read-functions.ts";
import type { Target, Targets } from "./targets.ts";

/** Puts programs together from the functions of an object. */
export class Linker {
  readonly #targets: Targets;
  readonly #configs: readonly ConfigReference[];

  constructor(targets: Targets, configs: readonly ConfigReference[]) {
    this.#targets = targets;
    this.#configs = configs;
  }

  /** The program whose first function is `main`, with what it uses behind it in the order of use, as libbpf has it. */
  link(main: ReadFunction): ProgramSpec {
    const section = main.section.name;
    const type = programTypeOf(section);
    if (type === undefined) {
      const problem = `holds program "${main.name}"; weir loads those in xdp, tc, tcx, tp, raw_tp, tp_btf, sockops and iter`;
      throw main.section.content.error(problem);
    }
    const parts = [...this.#collect(main, new Set())];
    const starts = new Map<ReadFunction, number>();
    let length = 0;
    for (const part of parts) {
      starts.set(part, length);
      length += part.instructions.length;
    }
    const instructions = parts.flatMap((part) => part.instructions);
    const references: Reference[] = [];
    for (const [part, start] of starts) {
      for (const [slot, instruction] of part.instructions.entries()) {
        const target = this.#targets.of(part, slot);
        if (target === undefined) continue;
        const at = start + slot;
        instructions[at] = linked(instruction, target, at, starts);
        const next = instructions[at + 1];
        if (target.kind === "map-value" && next !== undefined) {
          instructions[at + 1] = { ...next, immediate: target.offset };
        }
        if (target.kind !== "function") references.push(referenceTo(target, at));
      }
      for (const { config, slot } of this.#configs.filter((one) => one.section === part.section.name)) {
        const at = slot - part.start;
        if (at >= 0 && at < part.instructions.length) references.push({ kind: "config", slot: start + at, config });
      }
      for (const { slot, ...relocation } of part.kernelTypes) {
        references.push({ kind: "kernel-type", slot: start + slot, ...relocation });
      }
    }
    references.sort((left, right) => left.slot - right.slot);
    const moved = <Entry extends { slot: number }>(part: ReadFunction, entries: readonly Entry[]): Entry[] =>
      entries.map((entry) => ({ ...entry, slot: entry.slot + (starts.get(part) ?? 0) }));
    return {
      name: main.name,
      section,
      type,
      frags: takesFrags(section),
      instructions: Object.freeze(instructions),
      references,
      functions: Object.freeze(parts.flatMap((part) => moved(part, part.functions))),
      lines: Object.freeze(parts.flatMap((part) => moved(part, part.lines))),
    };
  }

  /** Functions in the order in which they are met, each with what it uses before whatever comes behind it. */
  #collect(user: ReadFunction, found: Set<ReadFunction>): Set<ReadFunction> {
    found.add(user);
    for (const slot of user.instructions.keys()) {
      const target = this.#targets.of(user, slot);
      if (target?.kind === "function" && !found.has(target.function)) this.#collect(target.function, found);
    }
    return found;
  }
}

/** What the source of an instruction says of its immediate (`BPF_PSEUDO_*`). */
const sources = { map: 1, "map-value": 2, call: 1, address: 4, "kernel-function": 2 } as const;

function linked(
  instruction: Instruction,
  target: Target,
  slot: number,
  starts: ReadonlyMap<ReadFunction, number>,
): Instruction {
  switch (target.kind) {
    case "function": {
      const start = starts.get(target.function);
      if (start === undefined) throw new ObjectError(`function "${target.function.name}" is not part of the program`);
      return { ...instruction, source: sources[target.use], immediate: start - slot - 1 };
    }
    case "kernel-function":
      // The address of one is a plain number until the loader knows it.
      return { ...instruction, source: target.use === "call" ? sources[target.kind] : 0, immediate: 0 };
    default:
      return { ...instruction, source: sources[target.kind], immediate: 0 };
  }
}

function referenceTo(target: Exclude<Target, { kind: "function" }>, slot: number): Reference {
  switch (target.kind) {
    case "map":
      return { kind: "map", slot, map: target.map };
    case "map-value":
      return { kind: "map-value", slot, map: target.map, offset: target.offset };
    case "kernel-function":
      return { kind: "kernel-function", slot, name: target.name, optional: target.optional };
  }
}
