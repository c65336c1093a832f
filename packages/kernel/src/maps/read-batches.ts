import { Attributes } from "../bpf/attributes.ts";
import { tryBpf } from "../bpf/bpf-call.ts";
import { ERRNO } from "../errors/errno.ts";
import { systemError } from "../errors/system-error.ts";
import { arena } from "../memory/arena.ts";
import { bpf_map_batch } from "../uapi/bpf.generated.ts";
import type { BpfMap } from "./bpf-map.ts";

/** Elements as one call gave them: keys and values side by side, valid until the next batch is asked for. */
export interface Batch {
  readonly count: number;
  readonly keys: DataView;
  readonly values: DataView;
}

const BATCH_BYTES = 1024 * 1024;
const SMALLEST_BATCH = 64;

/**
 * Reads a map with `BPF_MAP_LOOKUP_BATCH` (Linux 5.6), thousands of elements per call.
 *
 * Gives "not supported" as a value, for the types of map that have no batch reads.
 *
 * @param keySize   bytes of a key
 * @param valueSize bytes of a value in memory (of all CPUs)
 * @param batch     elements of the first call; it grows when a hash bucket does not fit
 */
export function* readBatches(
  map: BpfMap,
  keySize: number,
  valueSize: number,
  batch = Math.max(SMALLEST_BATCH, Math.floor(BATCH_BYTES / (keySize + valueSize))),
): Generator<Batch, "complete" | "not supported"> {
  let capacity = Math.min(batch, map.info.maxEntries);
  // The token that says where to go on: a hash's is 4 bytes, an array's a key.
  using token = arena().allocate(Math.max(4, keySize));
  for (let started = false; ; ) {
    using keys = arena().allocate(capacity * keySize);
    using values = arena().allocate(capacity * valueSize);
    using attributes = new Attributes(bpf_map_batch, {
      out_batch: token.address,
      keys: keys.address,
      values: values.address,
      map_fd: map.descriptor.number,
    });
    for (;;) {
      attributes.assign({ in_batch: started ? token.address : 0, count: capacity });
      const errno = -tryBpf("BPF_MAP_LOOKUP_BATCH", attributes);
      if (errno === ERRNO.ENOTSUPP && !started) return "not supported";
      if (errno === ERRNO.ENOSPC) break;
      if (errno > 0 && errno !== ERRNO.ENOENT) throw systemError("BPF_MAP_LOOKUP_BATCH", `map "${map.name}"`, errno);
      started = true;
      yield { count: attributes.number("count"), keys: keys.view, values: values.view };
      if (errno === ERRNO.ENOENT) return "complete";
    }
    capacity *= 2;
  }
}
