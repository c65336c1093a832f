import { type Btf, type ObjectSpec, type ProgramSpec, parseBtf, withConfig } from "@weir/bytecode";
import { kernelFunctions } from "@weir/bytecode/kernel-functions";
import {
  type BpfMap,
  type BpfProgram,
  type Fallback,
  findInterface,
  KernelError,
  type LoadedObject,
  loadObject,
  type NetworkInterface,
  type TraceLine,
  TraceOutput,
} from "@weir/kernel";
import { EngineError } from "../errors.ts";
import type { Mode } from "../mode.ts";
import { type AttachedProgram, attachWhereItSays, checkTarget, isCalled } from "./attach-program.ts";
import type { MapContents } from "./map-contents.ts";
import { MapReader } from "./map-reader.ts";
import { RecordReader, type WrittenRecord } from "./record-reader.ts";
import { isSameMap } from "./same-map.ts";
import { printedLines, prints } from "./trace-formats.ts";

/** How to run an object's programs. */
export interface RunOptions {
  /** For programs that run on one. */
  readonly interface?: string | undefined;
  /** Default `"auto"`. */
  readonly mode?: Mode | undefined;
  /** Names of the programs to attach; all unless given. */
  readonly programs?: readonly string[] | undefined;
  /** Values of `config()`s. */
  readonly configs?: Readonly<Record<string, bigint>> | undefined;
  /** What the object is called: its global variables are seen in the kernel under a name that begins with it. */
  readonly name?: string | undefined;
}

/** Where a program of a running object is. */
export interface RunningProgram {
  readonly name: string;
  readonly id: number;
  /** `eth0 (drv)`, `tracepoint xdp_redirect_err`. */
  readonly place: string;
  /** Why it is not in the driver although the mode was `auto`. */
  readonly fallback: Fallback | undefined;
}

interface Placed {
  readonly name: string;
  readonly place: AttachedProgram;
}

/** What became of the maps when programs were replaced, by name. */
export interface Replacement {
  /** Their contents went on. */
  readonly kept: readonly string[];
  /** New, or defined otherwise than before: they start empty. */
  readonly fresh: readonly string[];
}

/**
 * Programs that run until this is disposed, or the process ends, with what they count and print.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { readObject } from "@weir/bytecode";
 * import { run } from "@weir/engine/development";
 *
 * using running = run(readObject(readFileSync("drop-port.o")), { interface: "eth0", configs: { port: 53n } });
 * for (const map of running.maps(10)) console.log(map);
 * ```
 */
export class Running implements Disposable {
  readonly #options: RunOptions;
  readonly #target: NetworkInterface | undefined;
  #object: LoadedObject;
  /** They outlive the object that made them. */
  #maps: ReadonlyMap<string, BpfMap>;
  #readers: readonly MapReader[] = [];
  #records: readonly RecordReader[] = [];
  /** By where they are: the section, and the name where several may be in one. */
  #attached: ReadonlyMap<string, Placed> = new Map();
  #trace: TraceOutput | undefined;
  #lines: RegExp | undefined;
  #lostLines = 0;
  #traceProblem: string | undefined;

  constructor(object: ObjectSpec, options: RunOptions) {
    this.#options = options;
    const spec = configured(object, options);
    const wanted = programsOf(spec, options);
    this.#target = options.interface === undefined ? undefined : findInterface(options.interface);
    checkTarget(wanted, this.#target);
    using stack = new DisposableStack();
    this.#object = stack.use(loadObject(spec, this.#loadOptions()));
    this.#maps = this.#object.releaseMaps();
    stack.defer(() => {
      for (const map of this.#maps.values()) map[Symbol.dispose]();
    });
    this.#records = recordReadersOf(spec, this.#maps, []);
    stack.defer(() => {
      for (const reader of this.#records) reader[Symbol.dispose]();
    });
    const programs = loaded(this.#object, wanted, this.#target);
    this.#openTrace(spec);
    this.#listenFor(spec);
    stack.defer(() => this.#trace?.[Symbol.dispose]());
    this.#attached = new Map(
      programs.map(([program, each]) => [
        placeKey(each),
        { name: each.name, place: stack.use(this.#attach(program, each)) },
      ]),
    );
    this.#readers = readersOf(spec, this.#maps);
    stack.move();
  }

  /** The programs, and where they are. */
  get programs(): readonly RunningProgram[] {
    return [...this.#attached.values()].map(({ name, place: { program, place, fallback } }) => ({
      name,
      id: program.id,
      place,
      fallback,
    }));
  }

  /** Whether all programs still are where they were attached: an interface may go. */
  get attached(): boolean {
    return [...this.#attached.values()].every(({ place }) => place.attached);
  }

  /** What the maps hold now. @param limit entries of each map, at most */
  maps(limit = Number.POSITIVE_INFINITY): MapContents[] {
    return this.#readers.map((reader) => reader.read(limit));
  }

  /**
   * What the programs have printed since the last time. All programs of the system print into one trace: lines that these cannot
   * have printed are left out.
   */
  takeTrace(): TraceLine[] {
    const lines = this.#trace?.drain() ?? [];
    const own = this.#lines;
    return own === undefined ? lines : lines.filter(({ text }) => own.test(text));
  }

  /** Lines that were printed since the last time and lost, by whatever program. */
  takeLostLines(): number {
    const lost = this.#trace?.lost ?? 0;
    const since = lost - this.#lostLines;
    this.#lostLines = lost;
    return since;
  }

  /** Records that the programs have written into ring buffers and perf event arrays since the last time. */
  takeRecords(): WrittenRecord[] {
    return this.#records.flatMap((reader) => reader.take());
  }

  /** What iterators among the programs write now, by their names. */
  texts(): Map<string, string> {
    return new Map(
      [...this.#attached.values()].flatMap(({ name, place }) => (place.text ? [[name, place.text()] as const] : [])),
    );
  }

  /** Why it is not known what the programs print, although they do: the kernel's words. */
  get traceProblem(): string | undefined {
    return this.#traceProblem;
  }

  /**
   * Puts the programs of another object into the place of these, each at once. Maps that are defined as before go on with what they
   * hold. Where it fails, the old ones run on.
   *
   * @throws {KernelError | EngineError} as `run` does
   */
  replace(object: ObjectSpec): Replacement {
    const spec = configured(object, this.#options);
    const wanted = programsOf(spec, this.#options);
    checkTarget(wanted, this.#target);
    const kept = new Map([...this.#maps].filter(([name]) => isSameMap(name, this.#object.spec, spec)));
    using stack = new DisposableStack();
    const successor = stack.use(loadObject(spec, { ...this.#loadOptions(), maps: kept }));
    const maps = successor.releaseMaps();
    const fresh = new Map([...maps].filter(([name]) => !kept.has(name)));
    stack.defer(() => {
      for (const map of fresh.values()) map[Symbol.dispose]();
    });
    const programs = loaded(successor, wanted, this.#target);
    const attached = new Map<string, Placed>();
    // Those that are new first: what cannot be attached leaves all as it was.
    for (const [program, each] of programs) {
      if (this.#attached.has(placeKey(each))) continue;
      attached.set(placeKey(each), { name: each.name, place: stack.use(this.#attach(program, each)) });
    }
    this.#openTrace(spec);
    this.#takeOver(programs, attached);
    stack.move();
    for (const [key, { place }] of this.#attached) if (!attached.has(key)) place[Symbol.dispose]();
    const keptMaps = new Set(kept.values());
    for (const reader of this.#records) if (!keptMaps.has(reader.map)) reader[Symbol.dispose]();
    for (const [name, map] of this.#maps) if (!kept.has(name)) map[Symbol.dispose]();
    this.#object[Symbol.dispose]();
    this.#object = successor;
    this.#maps = maps;
    this.#attached = attached;
    this.#readers = readersOf(spec, maps);
    this.#records = recordReadersOf(spec, maps, this.#records);
    this.#listenFor(spec);
    return { kept: [...kept.keys()].filter(isVariable), fresh: [...fresh.keys()].filter(isVariable) };
  }

  [Symbol.dispose](): void {
    for (const { place } of this.#attached.values()) place[Symbol.dispose]();
    this.#attached = new Map();
    this.#trace?.[Symbol.dispose]();
    this.#trace = undefined;
    for (const reader of this.#records) reader[Symbol.dispose]();
    this.#records = [];
    this.#object[Symbol.dispose]();
    for (const map of this.#maps.values()) map[Symbol.dispose]();
    this.#readers = [];
  }

  #loadOptions() {
    const { mode, name } = this.#options;
    const offloadTo = mode === "hw" ? this.#target?.index : undefined;
    return { ...(name !== undefined && { name }), ...(offloadTo !== undefined && { offloadTo }) };
  }

  #attach(program: BpfProgram, spec: ProgramSpec): AttachedProgram {
    return attachWhereItSays(program, spec, { interface: this.#target, mode: this.#options.mode ?? "auto" });
  }

  /** Replaces the programs whose places are taken; all of them, or none. */
  #takeOver(programs: readonly (readonly [BpfProgram, ProgramSpec])[], attached: Map<string, Placed>): void {
    const undo: (() => void)[] = [];
    try {
      for (const [program, spec] of programs) {
        const key = placeKey(spec);
        const place = this.#attached.get(key)?.place;
        if (place === undefined) continue;
        const before = place.program;
        place.replace(program);
        undo.push(() => place.replace(before));
        attached.set(key, { name: spec.name, place });
      }
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    }
  }

  /** From now on the lines are taken that this object can have printed. */
  #listenFor(spec: ObjectSpec): void {
    if (prints(spec)) this.#lines = printedLines(spec);
  }

  /** Opens the trace when there is something to hear, before the programs can print it. */
  #openTrace(spec: ObjectSpec): void {
    if (!prints(spec)) return;
    try {
      this.#trace ??= TraceOutput.open();
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      this.#traceProblem = error.message;
    }
  }
}

/**
 * Loads an object's programs and attaches them where they say.
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { readObject } from "@weir/bytecode";
 * import { run } from "@weir/engine/development";
 *
 * using running = run(readObject(readFileSync("drop-port.o")), { interface: "eth0" });
 * running.programs.map(({ name, place }) => `${name} on ${place}`);
 * ```
 * Since Linux 6.1.
 * @throws {VerifierError} when the verifier refuses a program
 * @throws {EngineError} `WEIR_OPTION` when it is not clear what to run where; `WEIR_MODE`
 * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_BUSY`, `WEIR_PERMISSION`
 */
export function run(object: ObjectSpec, options: RunOptions = {}): Running {
  return new Running(object, options);
}

function configured(object: ObjectSpec, { configs = {} }: RunOptions): ObjectSpec {
  try {
    return withConfig(object, configs);
  } catch (error) {
    if (error instanceof RangeError) throw new EngineError("WEIR_OPTION", error.message, { cause: error });
    throw error;
  }
}

/** The programs to attach, of which no two may want the same place. */
function programsOf({ programs }: ObjectSpec, { programs: names }: RunOptions): ProgramSpec[] {
  const unknown = names?.find((name) => !programs.has(name));
  const all = [...programs.values()];
  const list = (some: readonly ProgramSpec[]) => some.map(({ name }) => name).join(", ") || "none";
  if (unknown !== undefined) {
    throw new EngineError("WEIR_OPTION", `there is no program "${unknown}"; there are ${list(all)}`);
  }
  const wanted = all.filter((program) => names?.includes(program.name) ?? !isCalled(program));
  if (wanted.length === 0) throw new EngineError("WEIR_OPTION", "there is no program to attach");
  const onInterface = wanted.filter(({ type }) => type === "xdp");
  if (onInterface.length > 1) {
    throw new EngineError(
      "WEIR_OPTION",
      `an interface takes one XDP program, and there are several: ${list(onInterface)}\n  Say which one with --program.`,
    );
  }
  return wanted;
}

/** XDP programs follow each other on their interface, whatever they are called. */
function placeKey({ type, section, name }: ProgramSpec): string {
  return type === "xdp" ? "xdp" : `${section} ${name}`;
}

function loaded(
  object: LoadedObject,
  wanted: readonly ProgramSpec[],
  target: NetworkInterface | undefined,
): [BpfProgram, ProgramSpec][] {
  return wanted.map((spec) => {
    const found = object.program(spec.name, target && asksDriver(spec) ? { boundTo: target.index } : {});
    if (found.kind === "not found") throw new Error(`the object has lost its program ${spec.name}`);
    return [found.program, spec];
  });
}

/** Whether a program asks the driver of its interface about packets: such a one is loaded for that interface. */
const asksDriver = ({ references }: ProgramSpec): boolean =>
  references.some((one) => one.kind === "kernel-function" && kernelFunctions.get(one.name)?.deviceBound);

/** Whether what a map holds changes: constants do not. */
const isVariable = (map: string): boolean => !map.startsWith(".rodata");

const typesOf = ({ btf }: ObjectSpec): Btf | undefined => btf && parseBtf(btf);

function readersOf(spec: ObjectSpec, maps: ReadonlyMap<string, BpfMap>): MapReader[] {
  const types = typesOf(spec);
  return [...spec.maps.values()].flatMap((each) => {
    const map = maps.get(each.name);
    return map === undefined || !isVariable(each.name) ? [] : new MapReader(map, each, spec, types);
  });
}

/** A reader that is there already goes on: it knows where it was. */
function recordReadersOf(
  spec: ObjectSpec,
  maps: ReadonlyMap<string, BpfMap>,
  before: readonly RecordReader[],
): RecordReader[] {
  const types = typesOf(spec);
  return [...spec.maps.values()].flatMap((each) => {
    const map = maps.get(each.name);
    if (map === undefined) return [];
    const reader = before.find((known) => known.map === map) ?? RecordReader.of(map, each);
    reader?.decodeAs(types);
    return reader ?? [];
  });
}
