import { arena } from "../memory/arena.ts";
import { bpf_object_info } from "../uapi/bpf.generated.ts";
import type { FieldOf, Structure } from "../uapi/structure.ts";
import { StructureView } from "../uapi/structure-view.ts";
import { Attributes } from "./attributes.ts";
import { bpf } from "./bpf-call.ts";

/**
 * Asks the kernel about a map, program or link, and gives what `read` makes of the answer.
 *
 * Fields that an older kernel does not know read as 0.
 *
 * @param ask addresses and sizes of memory for what is of no fixed length
 */
export function readObjectInfo<S extends Structure, Result>(
  descriptor: number,
  structure: S,
  subject: string,
  read: (info: StructureView<S>) => Result,
  ask: { readonly [F in FieldOf<S>]?: number | bigint } = {},
): Result {
  using memory = arena().allocate(structure.size);
  using attributes = new Attributes(bpf_object_info, {
    bpf_fd: descriptor,
    info_len: structure.size,
    info: memory.address,
  });
  const info = new StructureView(structure, memory.view).assign(ask);
  bpf("BPF_OBJ_GET_INFO_BY_FD", attributes, subject);
  return read(info);
}
