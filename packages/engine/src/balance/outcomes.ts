import type { MapSpec, ObjectSpec, ProgramSpec } from "@weir/bytecode";
import { type Decoded, u32 } from "@weir/bytecode/layout";
import { ArrayMap, attachTracepoint, HashMap, type LoadedObject, loadObject } from "@weir/kernel";
import { ownProgram } from "../own-program.ts";
import { Outcome, RedirectErrors } from "./outcome-programs.ts";

/** What the kernel has told of the frames for one target. */
export interface TargetOutcome {
  readonly outcome: Decoded<typeof Outcome>;
  readonly errors: Decoded<typeof RedirectErrors>;
}

/** A target by its key in the map of targets, and by what the tracepoints know it by: CPU number or interface index. */
export interface TargetKey {
  readonly key: number;
  readonly number: number;
}

/** What becomes of redirected frames: counted by programs at tracepoints, as long as this is open. */
export class Outcomes implements Disposable {
  readonly #outcomes: HashMap<typeof u32, typeof Outcome>;
  readonly #errors: ArrayMap<typeof RedirectErrors>;
  readonly #resources: DisposableStack;

  /** @throws {KernelError} when the kernel refuses a program, nothing stays attached then */
  constructor(programs: readonly ProgramSpec[], targets: readonly TargetKey[]) {
    using stack = new DisposableStack();
    const object = stack.use(loadObject(objectSpec(programs, targets)));
    this.#outcomes = stack.use(HashMap.of(object.map("OUTCOMES"), { key: u32, value: Outcome }));
    this.#errors = stack.use(ArrayMap.of(object.map("ERRORS"), { value: RedirectErrors }));
    const nothing = { delivered: 0n, dropped: 0n, no_memory: 0n, last_error: 0, reserved: 0 };
    for (const { number } of targets) this.#outcomes.set(number, nothing);
    for (const program of programs) stack.use(attach(object, program));
    this.#resources = stack.move();
  }

  read({ key, number }: TargetKey): TargetOutcome {
    const outcome = this.#outcomes.get(number);
    if (outcome === undefined) throw new Error(`target ${number} is not among those whose outcomes are counted`);
    return { outcome, errors: this.#errors.at(key) };
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}

function attach(object: LoadedObject, spec: ProgramSpec): Disposable {
  return attachTracepoint(ownProgram(object, spec.name), spec);
}

function objectSpec(programs: readonly ProgramSpec[], targets: readonly TargetKey[]): ObjectSpec {
  const keys = Math.max(...targets.map(({ key }) => key)) + 1;
  const maps: MapSpec[] = [
    mapSpec("OUTCOMES", "hash", Outcome.size, targets.length),
    mapSpec("ERRORS", "array", RedirectErrors.size, keys),
  ];
  return {
    license: "Dual MIT/GPL",
    maps: new Map(maps.map((map) => [map.name, map])),
    programs: new Map(programs.map((program) => [program.name, program])),
    configs: new Map(),
    btf: undefined,
  };
}

function mapSpec(name: string, type: "hash" | "array", valueSize: number, maxEntries: number): MapSpec {
  return { name, type, keySize: u32.size, valueSize, maxEntries, flags: 0, keyType: 0, valueType: 0 };
}
