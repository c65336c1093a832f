import { readlinkSync } from "node:fs";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { arena } from "../memory/arena.ts";
import { bpf_object_path } from "../uapi/bpf.generated.ts";
import { Attributes } from "./attributes.ts";
import { bpf, bpfOpen } from "./bpf-call.ts";

/** Gives a map, program or link a name in a BPF file system, where it outlives this process. @throws {KernelError} */
export function pinObject(descriptor: FileDescriptor, path: string): void {
  using pathname = arena().text(path);
  using attributes = new Attributes(bpf_object_path, { pathname: pathname.address, bpf_fd: descriptor.number });
  bpf("BPF_OBJ_PIN", attributes, `${descriptor.what} at ${path}`);
}

/** Opens what is pinned at a path. @throws {KernelError} `WEIR_NOT_FOUND` when nothing is */
export function openPinned(path: string, kind: "map" | "program" | "link" | "map, program or link"): FileDescriptor {
  using pathname = arena().text(path);
  using attributes = new Attributes(bpf_object_path, { pathname: pathname.address });
  return bpfOpen("BPF_OBJ_GET", attributes, `${kind} at ${path}`);
}

/** What a descriptor of a pinned object is of; undefined for what weir does not know. */
export function kindOf(descriptor: FileDescriptor): "map" | "program" | "link" | undefined {
  const [, kind] =
    /^anon_inode:\[?bpf[-_](map|prog|link)/.exec(readlinkSync(`/proc/self/fd/${descriptor.number}`)) ?? [];
  return kind === "prog" ? "program" : kind === "map" || kind === "link" ? kind : undefined;
}
