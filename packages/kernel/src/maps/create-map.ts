import type { MapSpec } from "@weir/bytecode";
import { Attributes } from "../bpf/attributes.ts";
import { bpfOpen } from "../bpf/bpf-call.ts";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { possibleCpus } from "../system/cpus.ts";
import { pageSize } from "../system/page-size.ts";
import { bpf_map_create } from "../uapi/bpf.generated.ts";
import { MAP_TYPES } from "./map-types.ts";

/** What a map is made with besides its specification. */
export interface CreateMapOptions {
  /** The loaded BTF that the specification's types are in. */
  readonly btf?: FileDescriptor | undefined;
  /** Index of the interface on whose network card the map shall live. */
  readonly offloadTo?: number | undefined;
  /** What the kernel shall call it, at most 15 characters of it; as the specification does unless given. */
  readonly name?: string;
}

/** Makes a map; what it holds from the start is still to be put in. @throws {KernelError} */
export function createMap(spec: MapSpec, options: CreateMapOptions = {}): FileDescriptor {
  const { btf, offloadTo = 0, name = spec.name } = options;
  // The kernel takes from it what the maps will be like, and forgets it.
  using inner = spec.inner && createMap(spec.inner, { btf });
  const isTyped = btf !== undefined && offloadTo === 0 && carriesTypes(spec);
  using attributes = new Attributes(bpf_map_create, {
    map_type: MAP_TYPES[spec.type].number,
    key_size: spec.keySize,
    value_size: spec.valueSize,
    max_entries: entriesOf(spec),
    map_flags: spec.flags,
    map_extra: spec.extra ?? 0,
    map_ifindex: offloadTo,
    inner_map_fd: inner?.number ?? 0,
    ...(isTyped && {
      btf_fd: btf.number,
      btf_key_type_id: spec.keyType,
      btf_value_type_id: spec.valueType,
    }),
  });
  attributes.setText("map_name", name);
  return bpfOpen("BPF_MAP_CREATE", attributes, `map "${spec.name}"`);
}

/** The kernel takes a type of values without one of keys only where there are no keys, or only one. */
function carriesTypes(spec: MapSpec): boolean {
  if (!MAP_TYPES[spec.type].typed || spec.valueType === 0) return false;
  return spec.keyType !== 0 || spec.keySize === 0 || spec.contents !== undefined;
}

/** The size, where it depends on the machine. */
function entriesOf({ type, maxEntries }: MapSpec): number {
  if (type === "perf-event-array" && maxEntries === 0) return possibleCpus();
  // A ring is a power of two of whole pages.
  if (type === "ring-buffer") return Math.max(pageSize(), 2 ** Math.ceil(Math.log2(Math.max(maxEntries, 1))));
  return maxEntries;
}
