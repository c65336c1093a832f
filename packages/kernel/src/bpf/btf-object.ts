import { FileDescriptor } from "../descriptors/file-descriptor.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { bpf_btf_load } from "../uapi/bpf.generated.ts";
import { Attributes } from "./attributes.ts";
import { tryBpf } from "./bpf-call.ts";

const LOG_SIZE = 64 * 1024;

/** Loads an object's BTF, which maps and programs then refer to. Since Linux 4.18. @throws {KernelError} with the kernel's log */
export function loadBtf(bytes: Uint8Array): FileDescriptor {
  using btf = arena().copy(bytes);
  using attributes = new Attributes(bpf_btf_load, { btf: btf.address, btf_size: bytes.length });
  const result = tryBpf("BPF_BTF_LOAD", attributes);
  if (result >= 0) return new FileDescriptor(result, "BTF");
  // Only a failure is worth a log: writing one costs time.
  using log = arena().allocate(LOG_SIZE);
  attributes.assign({ btf_log_buf: log.address, btf_log_size: LOG_SIZE, btf_log_level: 1 });
  const second = tryBpf("BPF_BTF_LOAD", attributes);
  if (second >= 0) return new FileDescriptor(second, "BTF");
  const text = new TextDecoder().decode(log.bytes.subarray(0, log.bytes.indexOf(0)));
  const lines = text.split("\n").filter((line) => line !== "");
  throw systemError("BPF_BTF_LOAD", "the object's BTF", -second, { advice: lines.slice(-3) });
}
