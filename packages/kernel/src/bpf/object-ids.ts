import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { bpf_object_id } from "../uapi/bpf.generated.ts";
import { Attributes } from "./attributes.ts";
import { tryBpf } from "./bpf-call.ts";

/** The ids of all objects of a kind, whoever made them. @throws {KernelError} `WEIR_PERMISSION` without CAP_SYS_ADMIN */
export function* objectIds(
  command: "BPF_LINK_GET_NEXT_ID" | "BPF_BTF_GET_NEXT_ID",
  subject: string,
): Generator<number, void> {
  for (let id = 0; ; ) {
    using attributes = new Attributes(bpf_object_id, { start_id: id });
    const result = tryBpf(command, attributes);
    if (result === -ERRNO.ENOENT) return;
    if (result < 0) throw systemError(command, subject, -result);
    id = attributes.number("next_id");
    yield id;
  }
}
