import type { MapSpec, MapType } from "@weir/bytecode";
import { Attributes } from "../bpf/attributes.ts";
import { bpf, bpfOpen } from "../bpf/bpf-call.ts";
import { readObjectInfo } from "../bpf/object-info.ts";
import { openPinned, pinObject } from "../bpf/object-path.ts";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { bpf_map_element, bpf_map_info, bpf_object_id } from "../uapi/bpf.generated.ts";
import { type CreateMapOptions, createMap } from "./create-map.ts";
import { mapTypeOf } from "./map-types.ts";

/** What the kernel says of a map. */
export interface MapInfo {
  readonly id: number;
  readonly name: string;
  /** undefined for a type that weir has no name for. */
  readonly type: MapType | undefined;
  /** Bytes. */
  readonly keySize: number;
  /** Bytes; of one CPU's value in per-CPU maps. */
  readonly valueSize: number;
  readonly maxEntries: number;
  /** `BPF_F_*` flags it was made with. */
  readonly flags: number;
  /** What further was said of some types, such as the number of a Bloom filter's hash functions. */
  readonly extra: bigint;
  /** Ids of the BTF that describes it, and in it of the types of keys and values: 0 where there are none. */
  readonly btfId: number;
  readonly keyType: number;
  readonly valueType: number;
}

/**
 * A live map: a descriptor and what the kernel says of it. Entries are reached through a typed view of it, such as
 * `HashMap` or `ArrayMap`.
 *
 * @example
 * ```ts
 * using map = BpfMap.open("/sys/fs/bpf/flows");
 * const flows = HashMap.of(map, { key: be32, value: struct({ packets: u64 }) });
 * ```
 * By path since Linux 4.4.
 * @see BPF_MAP_CREATE
 */
export class BpfMap implements Disposable {
  readonly descriptor: FileDescriptor;
  readonly info: MapInfo;

  constructor(descriptor: FileDescriptor) {
    this.descriptor = descriptor;
    this.info = readObjectInfo(descriptor.number, bpf_map_info, descriptor.what, (info) => ({
      id: info.number("id"),
      name: info.text("name"),
      type: mapTypeOf(info.number("type")),
      keySize: info.number("key_size"),
      valueSize: info.number("value_size"),
      maxEntries: info.number("max_entries"),
      flags: info.number("map_flags"),
      extra: info.bigint("map_extra"),
      btfId: info.number("btf_id"),
      keyType: info.number("btf_key_type_id"),
      valueType: info.number("btf_value_type_id"),
    }));
  }

  /**
   * Makes a map; what it holds from the start is still to be put in.
   *
   * @throws {KernelError} `WEIR_PERMISSION`, or `WEIR_KERNEL` when the kernel does not know the type or takes the sizes
   */
  static create(spec: MapSpec, options?: CreateMapOptions): BpfMap {
    return adopt(createMap(spec, options));
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND` */
  static open(path: string): BpfMap {
    return adopt(openPinned(path, "map"));
  }

  /** Opens the map with this id. Since Linux 4.13. @throws {KernelError} `WEIR_NOT_FOUND` */
  static byId(id: number): BpfMap {
    using attributes = new Attributes(bpf_object_id, { map_id: id });
    return adopt(bpfOpen("BPF_MAP_GET_FD_BY_ID", attributes, `map with id ${id}`));
  }

  /** At most 15 characters: the kernel keeps no more. */
  get name(): string {
    return this.info.name;
  }

  /** Gives the map a name in a BPF file system, where it outlives this process. @throws {KernelError} */
  pin(path: string): void {
    pinObject(this.descriptor, path);
  }

  /** Forbids every later change from user space; programs still write. Since Linux 5.2. @throws {KernelError} */
  freeze(): void {
    using attributes = new Attributes(bpf_map_element, { map_fd: this.descriptor.number });
    bpf("BPF_MAP_FREEZE", attributes, this.descriptor.what);
  }

  /** Closes the descriptor. The map lives on while a program, a pin or another descriptor holds it. */
  [Symbol.dispose](): void {
    this.descriptor[Symbol.dispose]();
  }
}

/** A map made of a fresh descriptor, which is closed when the map cannot be made. */
function adopt(descriptor: FileDescriptor): BpfMap {
  try {
    return new BpfMap(descriptor);
  } catch (error) {
    descriptor[Symbol.dispose]();
    throw error;
  }
}
