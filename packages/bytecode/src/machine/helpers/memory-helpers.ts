import { EFAULT } from "../errno.ts";
import { SocketStorage } from "../maps/socket-storage.ts";
import type { HelperCall, Helpers } from "./helper-call.ts";

/** `BPF_SK_STORAGE_GET_F_CREATE`. */
const CREATE = 1n;

/** Copies what is there; where it cannot be read, zeros. */
function copy(call: HelperCall): bigint {
  const size = call.word(1);
  const isThere = call.memory.isReadable(call.argument(2), size);
  call.memory.write(call.argument(0), isThere ? call.memory.read(call.argument(2), size) : new Uint8Array(size));
  return isThere ? 0n : EFAULT;
}

/** Copies text up to its zero, as much as fits; gives its length with the zero. */
function copyText(call: HelperCall): bigint {
  const size = call.word(1);
  const source = call.argument(2);
  if (size === 0) return 0n;
  const text: number[] = [];
  for (;;) {
    const address = source + BigInt(text.length);
    if (!call.memory.isReadable(address, 1)) {
      call.memory.write(call.argument(0), new Uint8Array(size));
      return EFAULT;
    }
    const byte = text.length === size - 1 ? 0 : Number(call.memory.load(address, 8));
    text.push(byte);
    if (byte !== 0) continue;
    call.memory.write(call.argument(0), Uint8Array.from(text));
    return BigInt(text.length);
  }
}

export const memoryHelpers: Helpers = {
  bpf_probe_read: copy,
  bpf_probe_read_kernel: copy,
  bpf_probe_read_user: copy,
  bpf_probe_read_str: copyText,
  bpf_probe_read_kernel_str: copyText,
  bpf_probe_read_user_str: copyText,
  bpf_sk_storage_get: (call) => {
    const map = call.mapOf(0, SocketStorage);
    const flags = call.argument(3);
    if ((flags & ~CREATE) !== 0n || call.argument(1) === 0n) return 0n;
    const initial = call.argument(2) === 0n ? undefined : call.bytes(2, map.spec.valueSize);
    return map.storage(call.argument(1), initial, flags === CREATE);
  },
  bpf_sk_storage_delete: (call) => call.mapOf(0, SocketStorage).drop(call.argument(1)),
};
