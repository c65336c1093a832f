import { EACCES, EINVAL } from "./errno.ts";
import type { Memory } from "./memory.ts";

// As `BPF_PROG_TEST_RUN` has it: a page, with room before and behind the packet.
const PAGE = 4096;
const HEADROOM = 256;
/** `struct xdp_frame`, which the kernel may write at the start of the headroom. */
const FRAME_RECORD = 40;
/** `struct skb_shared_info`, behind every buffer. */
const TAILROOM = 320;
/** Bytes of a packet that the first buffer takes. */
export const FIRST_BUFFER = PAGE - HEADROOM - TAILROOM;
/** The kernel lets no packet become shorter than its Ethernet header. */
const SHORTEST = 14;
const LONGEST_METADATA = 255;

/** How a packet lies in memory. */
export interface PacketOptions {
  /** What lies before the packet (`data_meta`): a multiple of 4, at most 216 bytes. */
  readonly metadata?: Uint8Array;
  /** In several buffers when it is longer than one. */
  readonly frags?: boolean;
}

/** A packet in its buffers, which programs can move the ends of. */
export class PacketBuffer {
  readonly #memory: Memory;
  /** The first buffer, with the room around the packet. */
  readonly #bytes: Uint8Array;
  /** Behind it. */
  readonly #fragments: Uint8Array[] = [];
  /** Where the packet is in the first buffer. */
  #meta: number;
  #start: number;
  #end: number;
  #base: bigint;
  /** Where it was before it was moved. */
  readonly #moved: bigint[] = [];

  constructor(memory: Memory, packet: Uint8Array, { metadata = new Uint8Array(), frags = false }: PacketOptions = {}) {
    if (metadata.length % 4 !== 0 || metadata.length > HEADROOM - FRAME_RECORD) {
      const most = HEADROOM - FRAME_RECORD;
      throw new RangeError(`metadata are a multiple of 4 and at most ${most} bytes, not ${metadata.length}`);
    }
    this.#memory = memory;
    const first = frags ? packet.subarray(0, FIRST_BUFFER) : packet;
    this.#bytes = new Uint8Array(Math.max(PAGE, HEADROOM + first.length + TAILROOM));
    this.#start = HEADROOM;
    this.#meta = HEADROOM - metadata.length;
    this.#end = HEADROOM + first.length;
    this.#bytes.set(metadata, this.#meta);
    this.#bytes.set(first, this.#start);
    for (let at = first.length; at < packet.length; at += PAGE) this.#fragments.push(packet.slice(at, at + PAGE));
    this.#base = this.#enter();
  }

  /** Address of the first byte of the packet (`data`). */
  get data(): bigint {
    return this.#base + BigInt(this.#start - this.#meta);
  }

  /** Address behind the first buffer's last byte (`data_end`). */
  get dataEnd(): bigint {
    return this.#base + BigInt(this.#end - this.#meta);
  }

  /** Address of the metadata; that of the packet when there is none (`data_meta`). */
  get dataMeta(): bigint {
    return this.#base;
  }

  /** Bytes of the packet in all its buffers. */
  get length(): number {
    return this.#fragments.reduce((sum, { length }) => sum + length, this.#end - this.#start);
  }

  /** A copy of the packet. */
  get bytes(): Uint8Array {
    const all = new Uint8Array(this.length);
    this.#eachPart(0, all.length, (part, at) => all.set(part, at));
    return all;
  }

  /** A copy of what lies before it. */
  get metadata(): Uint8Array {
    return this.#bytes.slice(this.#meta, this.#start);
  }

  /** Copies a part that is inside, from all buffers. */
  copyOut(offset: number, length: number): Uint8Array {
    return this.bytes.subarray(offset, offset + length);
  }

  /** Writes over a part that is inside, in all buffers. */
  copyIn(offset: number, bytes: Uint8Array): void {
    this.#eachPart(offset, bytes.length, (part, at) => part.set(bytes.subarray(at, at + part.length)));
  }

  /** `bpf_xdp_adjust_head`. */
  adjustHead(by: number): bigint {
    return this.#renew("bpf_xdp_adjust_head", () => {
      const start = this.#start + by;
      const { metadata } = this;
      if (start < FRAME_RECORD + metadata.length || start > this.#end - SHORTEST) return EINVAL;
      this.#bytes.set(metadata, start - metadata.length);
      this.#meta = start - metadata.length;
      this.#start = start;
      return 0n;
    });
  }

  /** `bpf_xdp_adjust_meta`: more room before the packet when negative. */
  adjustMeta(by: number): bigint {
    return this.#renew("bpf_xdp_adjust_meta", () => {
      const meta = this.#meta + by;
      if (meta < FRAME_RECORD || meta > this.#start) return EINVAL;
      const length = this.#start - meta;
      if (length % 4 !== 0 || length > LONGEST_METADATA) return EACCES;
      this.#meta = meta;
      return 0n;
    });
  }

  /** `bpf_xdp_adjust_tail`: what is new holds zeros. */
  adjustTail(by: number): bigint {
    return this.#renew("bpf_xdp_adjust_tail", () => {
      if (this.#fragments.length > 0) return by < 0 ? this.#shrinkFragments(-by) : this.#growFragment(by);
      const end = this.#end + by;
      if (end > this.#bytes.length - TAILROOM || end < this.#start + SHORTEST) return EINVAL;
      if (by > 0) this.#bytes.fill(0, this.#end, end);
      this.#end = end;
      return 0n;
    });
  }

  /** The run has ended: its addresses may become others'. */
  release(): void {
    for (const base of [...this.#moved, this.#base]) this.#memory.remove(base);
  }

  #growFragment(by: number): bigint {
    const last = this.#fragments.at(-1) ?? new Uint8Array();
    if (by > PAGE - last.length) return EINVAL;
    const grown = new Uint8Array(last.length + by);
    grown.set(last);
    this.#fragments[this.#fragments.length - 1] = grown;
    return 0n;
  }

  #shrinkFragments(by: number): bigint {
    if (by > this.length - SHORTEST) return EINVAL;
    let left = by;
    while (left > 0 && this.#fragments.length > 0) {
      const last = this.#fragments.pop() ?? new Uint8Array();
      const cut = Math.min(left, last.length);
      left -= cut;
      if (cut < last.length) this.#fragments.push(last.slice(0, last.length - cut));
    }
    this.#end -= left;
    return 0n;
  }

  /** Whatever comes of the change, the packet gets other addresses, so that those from before are known as dead. */
  #renew(helper: string, change: () => bigint): bigint {
    const result = change();
    this.#moved.push(this.#base);
    this.#memory.kill(this.#base, `${helper} may have moved the packet since its address was taken`);
    this.#base = this.#enter();
    return result;
  }

  #enter(): bigint {
    return this.#memory.add("the packet", this.#bytes.subarray(this.#meta, this.#end), {
      origin: this.#start - this.#meta,
    });
  }

  /** Calls back for each piece of the packet that a part of it lies in. */
  #eachPart(offset: number, length: number, visit: (piece: Uint8Array, at: number) => void): void {
    let begin = 0;
    for (const buffer of [this.#bytes.subarray(this.#start, this.#end), ...this.#fragments]) {
      const from = Math.max(offset, begin);
      const to = Math.min(offset + length, begin + buffer.length);
      if (from < to) visit(buffer.subarray(from - begin, to - begin), from - offset);
      begin += buffer.length;
    }
  }
}
