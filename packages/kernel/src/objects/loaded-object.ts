import { type GlobalVariable, globalVariables, type ObjectSpec, type ProgramSpec } from "@weir/bytecode";
import type { Layout } from "@weir/bytecode/layout";
import type { BpfMap } from "../maps/bpf-map.ts";
import { MappedPages } from "../maps/mapped-pages.ts";
import { putEntry } from "../maps/put-entry.ts";
import { Variable } from "../maps/variable.ts";
import { BpfProgram } from "../programs/bpf-program.ts";
import { type LoadOptions, loadProgram } from "../programs/load-program.ts";
import { ObjectTypes } from "../programs/object-types.ts";
import { checkKernelRelease } from "../system/kernel-release.ts";
import { pageSize } from "../system/page-size.ts";
import { PROT_READ, PROT_WRITE } from "../uapi/macros.ts";
import { createObjectMaps, mapNamed } from "./object-maps.ts";

/** A program asked for by name: an object may lack it, which is an answer and no failure. */
export type ProgramLookup =
  | { readonly kind: "loaded"; readonly program: BpfProgram }
  | { readonly kind: "not found"; readonly available: readonly string[] };

/** Where an object shall live. */
export interface LoadObjectOptions {
  /** Index of the interface whose network card shall run the programs, for mode `hw`. Maps live on it as well. */
  readonly offloadTo?: number;
  /**
   * What the object is called, by custom as its file without the endings: the kernel's names of the maps that hold its global
   * variables begin with it (`counter.bss`).
   */
  readonly name?: string;
  /** Maps to use instead of making them, by their names in the object, with what they hold. They stay the caller's. */
  readonly maps?: ReadonlyMap<string, BpfMap>;
}

/**
 * An object in the kernel: its maps, and its programs from the moment they are asked for.
 *
 * @example
 * ```ts
 * using object = loadObject(monitor);
 * const found = object.program("xdp_packet_monitor");
 * if (found.kind === "not found") throw new Error(`the object has ${found.available.join(", ")}`);
 * using attachment = attachXdp({ interface: "eth0", program: found.program });
 * ```
 */
export class LoadedObject implements Disposable {
  readonly spec: ObjectSpec;
  readonly maps: ReadonlyMap<string, BpfMap>;
  readonly #btf: ObjectTypes | undefined;
  readonly #programs: BpfProgram[] = [];
  readonly #offloadTo: number | undefined;
  /** Maps that others close. */
  readonly #borrowed: Set<string>;
  /** Program arrays that hold what they begin with. */
  readonly #filled = new Set<string>();
  readonly #arenas = new Map<string, MappedPages>();
  #variables: ReadonlyMap<string, GlobalVariable> | undefined;

  constructor(spec: ObjectSpec, { offloadTo, name = "", maps: given = new Map() }: LoadObjectOptions = {}) {
    this.spec = spec;
    this.#borrowed = new Set(given.keys());
    this.#offloadTo = offloadTo;
    this.#btf = spec.btf && new ObjectTypes(spec.btf);
    try {
      this.maps = createObjectMaps(spec, { btf: this.#btf?.descriptor, offloadTo, name, given });
    } catch (error) {
      this.#btf?.[Symbol.dispose]();
      throw error;
    }
    try {
      this.#mapArenas();
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** The map with this name. @throws {RangeError} when the object has none: the message lists those it has */
  map(name: string): BpfMap {
    return mapNamed(this.maps, name);
  }

  /**
   * The memory that this process shares with programs by an arena. Since Linux 6.9.
   *
   * @throws {RangeError} when the object has no such arena, or one at an address of its own, which nobody has mapped
   */
  arena(name: string): ArrayBuffer {
    const pages = this.#arenas.get(name);
    if (pages !== undefined) return pages.buffer;
    throw new RangeError(`no arena "${name}" is mapped; there are ${[...this.#arenas.keys()].join(", ") || "none"}`);
  }

  /**
   * The global variable with this name.
   *
   * @throws {RangeError} when the object has none: the message lists those it has
   * @throws {KernelError} `WEIR_MAP_LAYOUT` when it has another size than the layout
   */
  variable<L extends Layout>(name: string, layout: L): Variable<L> {
    this.#variables ??= globalVariables(this.spec);
    const variable = this.#variables.get(name);
    if (variable !== undefined) return new Variable(this.map(variable.map), variable, layout);
    const names = [...this.#variables.keys()].join(", ") || "none";
    throw new RangeError(`the object has no variable "${name}"; it has ${names}`);
  }

  /**
   * Loads the program with this name, and those that the program arrays which it uses begin with. They are closed together with
   * the object.
   *
   * @throws {VerifierError} when the kernel rejects it
   */
  program(name: string, options?: LoadOptions): ProgramLookup {
    const spec = this.spec.programs.get(name);
    if (spec === undefined) return { kind: "not found", available: [...this.spec.programs.keys()] };
    return { kind: "loaded", program: this.#load(spec, options) };
  }

  /**
   * Hands all maps over to the caller, who closes them: they outlive this object, which goes on using them.
   *
   * @example
   * ```ts
   * using object = loadObject(monitor);
   * const maps = object.releaseMaps();
   * using successor = loadObject(monitor, { maps });
   * ```
   */
  releaseMaps(): ReadonlyMap<string, BpfMap> {
    for (const name of this.maps.keys()) this.#borrowed.add(name);
    return this.maps;
  }

  /** The verifier wants to know an arena's address in user space: the specification says one, or mapping it does. */
  #mapArenas(): void {
    for (const { name, type, maxEntries, extra = 0n } of this.spec.maps.values()) {
      // One that is borrowed is mapped already, and can be at one place only.
      if (type !== "arena" || extra !== 0n || this.#borrowed.has(name)) continue;
      const length = maxEntries * pageSize();
      this.#arenas.set(name, new MappedPages(this.map(name).descriptor, length, PROT_READ | PROT_WRITE));
    }
  }

  #load(spec: ProgramSpec, options: LoadOptions | undefined): BpfProgram {
    const { maps, spec: object } = this;
    const context = { license: object.license, maps, btf: this.#btf, offloadTo: this.#offloadTo };
    const program = new BpfProgram(loadProgram(spec, context, options));
    this.#programs.push(program);
    for (const reference of spec.references) if (reference.kind === "map") this.#fill(reference.map, options);
    return program;
  }

  /** Programs can be put into an array only when the array is there, and use it themselves: so this is done last. */
  #fill(name: string, options: LoadOptions | undefined): void {
    const map = this.spec.maps.get(name);
    if (map?.type !== "program-array" || this.#filled.has(name)) return;
    this.#filled.add(name);
    try {
      for (const { index, name: target } of map.entries ?? []) {
        const spec = this.spec.programs.get(target);
        if (spec === undefined) throw new RangeError(`map "${name}" begins with program "${target}": no such thing`);
        // Only the program that was asked for takes the place of a function.
        const { extends: _, ...others } = options ?? {};
        putEntry(this.map(name), index, this.#load(spec, others).descriptor);
      }
    } catch (error) {
      // Whoever asks for a program again shall be told again.
      this.#filled.delete(name);
      throw error;
    }
  }

  /** Closes everything that was opened for it. What is attached or pinned lives on. */
  [Symbol.dispose](): void {
    for (const program of this.#programs) program[Symbol.dispose]();
    for (const pages of this.#arenas.values()) pages[Symbol.dispose]();
    for (const [name, map] of this.maps) if (!this.#borrowed.has(name)) map[Symbol.dispose]();
    this.#btf?.[Symbol.dispose]();
  }
}

/**
 * Makes an object's maps, with what they hold from the start, and loads its BTF. Its programs are loaded when they are asked for.
 *
 * @example
 * ```ts
 * using object = loadObject(withMap(monitor, "XDP_CONN_STATS", { maxEntries: 65_536 }));
 * ```
 * Since Linux 6.1.
 * @throws {KernelError} when the kernel refuses one, nothing stays open then; `WEIR_NOT_SUPPORTED` before Linux 6.1
 */
export function loadObject(spec: ObjectSpec, options?: LoadObjectOptions): LoadedObject {
  checkKernelRelease();
  return new LoadedObject(spec, options);
}
