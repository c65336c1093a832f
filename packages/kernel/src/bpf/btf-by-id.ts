import { arena } from "../memory/arena.ts";
import { bpf_btf_info, bpf_object_id } from "../uapi/bpf.generated.ts";
import { Attributes } from "./attributes.ts";
import { bpfOpen } from "./bpf-call.ts";
import { readObjectInfo } from "./object-info.ts";

/**
 * The types that programs and maps were loaded with, by the id that the kernel gave them: a BTF section.
 *
 * @example
 * ```ts
 * const { btfId } = programDetails(program);
 * const btf = btfId === 0 ? undefined : parseBtf(readBtf(btfId));
 * ```
 * Since Linux 5.1.
 * @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_PERMISSION`
 */
export function readBtf(id: number): Uint8Array {
  const subject = `BTF with id ${id}`;
  using attributes = new Attributes(bpf_object_id, { btf_id: id });
  using descriptor = bpfOpen("BPF_BTF_GET_FD_BY_ID", attributes, subject);
  const size = readObjectInfo(descriptor.number, bpf_btf_info, subject, (info) => info.number("btf_size"));
  using bytes = arena().allocate(size);
  return readObjectInfo(
    descriptor.number,
    bpf_btf_info,
    subject,
    (info) => bytes.bytes.slice(0, Math.min(size, info.number("btf_size"))),
    { btf: bytes.address, btf_size: size },
  );
}
