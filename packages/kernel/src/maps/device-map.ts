import type { MapType } from "@weir/bytecode";
import type { BpfProgram } from "../programs/bpf-program.ts";
import type { BpfMap } from "./bpf-map.ts";
import type { MapOwnership } from "./keyed-map.ts";
import { openOwned } from "./open-owned.ts";
import { TargetMap } from "./target-map.ts";

/** An interface that packets can be sent out on. */
export interface DeviceTarget {
  readonly interfaceIndex: number;
  /** A program of attach type `BPF_XDP_DEVMAP` that runs for each packet before it is sent. Since Linux 5.8. */
  readonly program?: BpfProgram;
}

/** What both kinds of maps of interfaces can do. */
class Devices implements Disposable {
  readonly #targets: TargetMap;

  protected constructor(map: BpfMap, type: MapType, ownership: MapOwnership) {
    this.#targets = new TargetMap(map, type, ownership);
  }

  /** The map underneath: its descriptor, its name, its id. */
  get map(): BpfMap {
    return this.#targets.map;
  }

  /** The interface at a key; undefined when there is none, also when it was removed. */
  get(key: number): { readonly interfaceIndex: number; readonly programId: number | undefined } | undefined {
    const target = this.#targets.get(key);
    return target && { interfaceIndex: target.number, programId: target.programId };
  }

  /** Puts an interface of this process's network namespace there. @throws {KernelError} EINVAL when there is no such interface */
  set(key: number, { interfaceIndex, program }: DeviceTarget): void {
    this.#targets.set(key, interfaceIndex, program);
  }

  /** Takes the interface at a key out; says whether there was one. */
  delete(key: number): boolean {
    return this.#targets.delete(key);
  }

  /** Ends this view; a map that it opened is closed, one that it was given stays open. */
  [Symbol.dispose](): void {
    this.#targets[Symbol.dispose]();
  }
}

/**
 * The interfaces that a program can redirect packets to, by a number below the map's size.
 *
 * @example
 * ```ts
 * using ports = DeviceMap.open("/sys/fs/bpf/ports");
 * ports.set(0, { interfaceIndex: findInterface("eth1").index });
 * ```
 * Since Linux 4.14.
 * @see BPF_MAP_TYPE_DEVMAP
 */
export class DeviceMap extends Devices {
  /** A view of a map that somebody else closes. @throws {KernelError} `WEIR_MAP_LAYOUT` */
  static of(map: BpfMap): DeviceMap {
    return new DeviceMap(map, "device-map", "borrowed");
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_MAP_LAYOUT` */
  static open(path: string): DeviceMap {
    return openOwned(path, (map) => new DeviceMap(map, "device-map", "owned"));
  }
}

/**
 * As `DeviceMap`, by any 32-bit key.
 *
 * @example
 * ```ts
 * using ports = DeviceHashMap.open("/sys/fs/bpf/vlans");
 * ports.set(4094, { interfaceIndex: findInterface("eth1").index });
 * ```
 * Since Linux 5.4.
 * @see BPF_MAP_TYPE_DEVMAP_HASH
 */
export class DeviceHashMap extends Devices {
  /** A view of a map that somebody else closes. @throws {KernelError} `WEIR_MAP_LAYOUT` */
  static of(map: BpfMap): DeviceHashMap {
    return new DeviceHashMap(map, "device-hash", "borrowed");
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_MAP_LAYOUT` */
  static open(path: string): DeviceHashMap {
    return openOwned(path, (map) => new DeviceHashMap(map, "device-hash", "owned"));
  }
}
