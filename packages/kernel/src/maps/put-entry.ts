import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { bpf_update_flags } from "../uapi/bpf.generated.ts";
import type { BpfMap } from "./bpf-map.ts";
import { MapElements } from "./map-elements.ts";

/** Puts what has a descriptor (a map, a program, an event) at an index of a map of such. @throws {KernelError} */
export function putEntry(map: BpfMap, index: number, descriptor: FileDescriptor): void {
  using elements = new MapElements(map, map.info.keySize, map.info.valueSize);
  elements.key.setUint32(0, index, true);
  elements.value.setUint32(0, descriptor.number, true);
  elements.update(bpf_update_flags.BPF_ANY);
}
