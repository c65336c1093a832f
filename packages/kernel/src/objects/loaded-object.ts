import type { ObjectSpec } from "@weir/bytecode";
import { loadBtf } from "../bpf/btf-object.ts";
import { BpfMap } from "../maps/bpf-map.ts";
import { BpfProgram } from "../programs/bpf-program.ts";
import { type LoadedBtf, type LoadOptions, loadProgram } from "../programs/load-program.ts";
import { checkKernelRelease } from "../system/kernel-release.ts";

/** A program asked for by name: an object may lack it, which is an answer and no failure. */
export type ProgramLookup =
  | { readonly kind: "loaded"; readonly program: BpfProgram }
  | { readonly kind: "not found"; readonly available: readonly string[] };

/** Where an object shall live. */
export interface LoadObjectOptions {
  /** Index of the interface whose network card shall run the programs, for mode `hw`. Maps live on it as well. */
  readonly offloadTo?: number;
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
  readonly #btf: LoadedBtf | undefined;
  readonly #programs: BpfProgram[] = [];
  readonly #offloadTo: number | undefined;

  constructor(spec: ObjectSpec, { offloadTo }: LoadObjectOptions = {}) {
    this.spec = spec;
    this.#offloadTo = offloadTo;
    this.#btf = spec.btf && { descriptor: loadBtf(spec.btf), bytes: spec.btf };
    const maps = new Map<string, BpfMap>();
    this.maps = maps;
    try {
      for (const map of spec.maps.values()) maps.set(map.name, BpfMap.create(map, this.#btf?.descriptor, offloadTo));
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** The map with this name. @throws {RangeError} when the object has none: the message lists those it has */
  map(name: string): BpfMap {
    const map = this.maps.get(name);
    if (map !== undefined) return map;
    throw new RangeError(`the object has no map "${name}"; it has ${[...this.maps.keys()].join(", ") || "none"}`);
  }

  /**
   * Loads the program with this name. It is closed together with the object.
   *
   * @throws {VerifierError} when the kernel rejects it
   */
  program(name: string, options?: LoadOptions): ProgramLookup {
    const spec = this.spec.programs.get(name);
    if (spec === undefined) return { kind: "not found", available: [...this.spec.programs.keys()] };
    const { maps, spec: object } = this;
    const context = { license: object.license, maps, btf: this.#btf, offloadTo: this.#offloadTo };
    const program = new BpfProgram(loadProgram(spec, context, options));
    this.#programs.push(program);
    return { kind: "loaded", program };
  }

  /** Closes everything that was opened for it. What is attached or pinned lives on. */
  [Symbol.dispose](): void {
    for (const program of this.#programs) program[Symbol.dispose]();
    for (const map of this.maps.values()) map[Symbol.dispose]();
    this.#btf?.descriptor[Symbol.dispose]();
  }
}

/**
 * Makes an object's maps and loads its BTF. Its programs are loaded when they are asked for.
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
