import type { BpfProgram } from "../programs/bpf-program.ts";
import type { BpfMap } from "./bpf-map.ts";
import type { MapOwnership } from "./keyed-map.ts";
import { openOwned } from "./open-owned.ts";
import { TargetMap } from "./target-map.ts";

/** A CPU that packets can be handed to. */
export interface CpuTarget {
  /** Packets that may wait for the CPU; what comes then is dropped. 1 to 16,384, which is the kernel's limit. */
  readonly queueSize: number;
  /** A program of attach type `BPF_XDP_CPUMAP` that runs on the CPU for each packet. Since Linux 5.9. */
  readonly program?: BpfProgram;
}

/**
 * The CPUs that a program can redirect packets to, by number. A kernel thread for each takes packets from its queue and gives
 * them to the network stack.
 *
 * @example
 * ```ts
 * using cpus = CpuMap.open("/sys/fs/bpf/cpus");
 * cpus.set(1, { queueSize: 2048 });
 * ```
 * Since Linux 4.15. A CPU that is offline is taken as well, and the packets for it wait for ever: ask `onlineCpus` before.
 * @see BPF_MAP_TYPE_CPUMAP
 */
export class CpuMap implements Disposable {
  readonly #targets: TargetMap;

  private constructor(map: BpfMap, ownership: MapOwnership) {
    this.#targets = new TargetMap(map, "cpu-map", ownership);
  }

  /** A view of a map that somebody else closes. @throws {KernelError} `WEIR_MAP_LAYOUT` */
  static of(map: BpfMap): CpuMap {
    return new CpuMap(map, "borrowed");
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_MAP_LAYOUT` */
  static open(path: string): CpuMap {
    return openOwned(path, (map) => new CpuMap(map, "owned"));
  }

  /** The map underneath: its descriptor, its name, its id. */
  get map(): BpfMap {
    return this.#targets.map;
  }

  /** The CPU's queue, undefined when packets cannot be handed to it. */
  get(cpu: number): { readonly queueSize: number; readonly programId: number | undefined } | undefined {
    const target = this.#targets.get(cpu);
    return target && { queueSize: target.number, programId: target.programId };
  }

  /** Makes a queue and a thread for the CPU. @throws {KernelError} ENODEV where there is no such CPU */
  set(cpu: number, { queueSize, program }: CpuTarget): void {
    this.#targets.set(cpu, queueSize, program);
  }

  /** Takes the CPU out, when what waits for it is through; says whether it was there. */
  delete(cpu: number): boolean {
    return this.#targets.delete(cpu);
  }

  /** Ends this view; a map that it opened is closed, one that it was given stays open. */
  [Symbol.dispose](): void {
    this.#targets[Symbol.dispose]();
  }
}
