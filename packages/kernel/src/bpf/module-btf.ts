import { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { bpf_btf_info, bpf_object_id } from "../uapi/bpf.generated.ts";
import { Attributes } from "./attributes.ts";
import { tryBpf } from "./bpf-call.ts";
import { objectIds } from "./object-ids.ts";
import { readObjectInfo } from "./object-info.ts";

/** Longest name of a module with its closing zero byte, rounded up. */
const NAME = 64;

/** Opens the types of a loaded module, by which programs refer to it. Since Linux 5.11. @throws {KernelError} `WEIR_PERMISSION` */
export function openModuleBtf(module: string): FileDescriptor {
  const subject = `the types of module ${module}`;
  for (const id of objectIds("BPF_BTF_GET_NEXT_ID", subject)) {
    using attributes = new Attributes(bpf_object_id, { btf_id: id });
    const result = tryBpf("BPF_BTF_GET_FD_BY_ID", attributes);
    // It has gone meanwhile.
    if (result === -ERRNO.ENOENT) continue;
    if (result < 0) throw systemError("BPF_BTF_GET_FD_BY_ID", subject, -result);
    using stack = new DisposableStack();
    const descriptor = stack.use(new FileDescriptor(result, subject));
    if (nameInKernel(descriptor) !== module) continue;
    stack.move();
    return descriptor;
  }
  throw systemError("BPF_BTF_GET_NEXT_ID", subject, ERRNO.ENOENT, { advice: ["The module was unloaded meanwhile."] });
}

/** The name of a part of the kernel whose types these are; undefined for those of programs. */
function nameInKernel(descriptor: FileDescriptor): string | undefined {
  using name = arena().allocate(NAME);
  return readObjectInfo(
    descriptor.number,
    bpf_btf_info,
    descriptor.what,
    (info) => {
      if (info.number("kernel_btf") === 0) return undefined;
      return new TextDecoder().decode(name.bytes.subarray(0, name.bytes.indexOf(0)));
    },
    { name: name.address, name_len: NAME },
  );
}
