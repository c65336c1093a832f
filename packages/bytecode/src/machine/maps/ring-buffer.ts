import { EAGAIN, EINVAL } from "../errno.ts";
import { MachineMap } from "./machine-map.ts";

/** A record while a program writes it, and afterwards until it is read. */
interface RingRecord {
  readonly bytes: Uint8Array;
  /** With the head, rounded up. */
  readonly size: number;
  state: "reserved" | "submitted" | "discarded";
}

/** `struct bpf_ringbuf_hdr`: before each record. */
const HEAD = 8;
/** `BPF_RB_NO_WAKEUP` and `BPF_RB_FORCE_WAKEUP`. */
const WAKE_UP_FLAGS = 3n;

/** `BPF_MAP_TYPE_RINGBUF` (Linux 5.8). Its number of entries is its size in bytes. */
export class RingBuffer extends MachineMap {
  readonly #records: RingRecord[] = [];
  #consumed = 0;
  #produced = 0;

  /** `bpf_ringbuf_reserve`: the address of the record, or 0 when there is no room. */
  reserve(length: number, flags: bigint): bigint {
    const record = flags === 0n ? this.#append(length, "reserved") : undefined;
    if (record === undefined) return 0n;
    return this.surroundings.memory.add(`a record of ring buffer "${this.spec.name}"`, record.bytes, {
      owner: new Reservation(this, record),
    });
  }

  /** `bpf_ringbuf_output`. */
  output(bytes: Uint8Array, flags: bigint): bigint {
    if ((flags & ~WAKE_UP_FLAGS) !== 0n) return EINVAL;
    const record = this.#append(bytes.length, "submitted");
    if (record === undefined) return EAGAIN;
    record.bytes.set(bytes);
    return 0n;
  }

  /** `bpf_ringbuf_query`. */
  query(what: bigint): bigint {
    switch (what) {
      case 0n:
        return BigInt(this.#produced - this.#consumed);
      case 1n:
        return BigInt(this.spec.maxEntries);
      case 2n:
        return BigInt(this.#consumed);
      case 3n:
        return BigInt(this.#produced);
      default:
        return 0n;
    }
  }

  /** What was submitted since the last time, oldest first, up to the first record that a program still writes. */
  take(): Uint8Array[] {
    const taken: Uint8Array[] = [];
    for (;;) {
      const record = this.#records[0];
      if (record === undefined || record.state === "reserved") return taken;
      this.#records.shift();
      this.#consumed += record.size;
      if (record.state === "submitted") taken.push(record.bytes);
    }
  }

  #append(length: number, state: RingRecord["state"]): RingRecord | undefined {
    const size = Math.ceil((length + HEAD) / 8) * 8;
    // Full and empty must look different: one byte less than the size fits.
    if (this.#produced + size - this.#consumed > this.spec.maxEntries - 1) return undefined;
    const record: RingRecord = { bytes: new Uint8Array(length), size, state };
    this.#records.push(record);
    this.#produced += size;
    return record;
  }
}

/** What the address of a reserved record stands for. */
export class Reservation {
  readonly ring: RingBuffer;
  readonly #record: RingRecord;

  constructor(ring: RingBuffer, record: RingRecord) {
    this.ring = ring;
    this.#record = record;
  }

  end(how: "submitted" | "discarded"): void {
    this.#record.state = how;
  }
}
