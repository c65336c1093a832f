import { EACCES, EINVAL } from "./errno.ts";

/** A page, which the kernel gives to a packet with the room around it. */
const PAGE = 4096;
/** `XDP_PACKET_HEADROOM`: bytes before a packet that nothing has moved. */
const HEADROOM = 256;
/** `sizeof(struct xdp_frame)`, which the kernel keeps at their start. */
const FRAME_RECORD = 40;
/** `sizeof(struct skb_shared_info)`, rounded up, which the kernel keeps behind a packet. */
const TAILROOM = 320;
/** What `skb_metadata_set` can say. */
const LONGEST_META = 252;
/** `ETH_HLEN`: the kernel lets no packet become shorter. */
const ETHERNET_HEADER = 14;

/**
 * A packet in the room around it, whose ends a program moves. What is outside keeps its bytes, as in the kernel: a start that goes
 * back finds again what was cut off.
 */
export class MovingPacket {
  readonly #room: Uint8Array<ArrayBuffer>;
  #meta = HEADROOM;
  #start = HEADROOM;
  #end: number;

  constructor(packet: Uint8Array) {
    this.#end = HEADROOM + packet.length;
    this.#room = new Uint8Array(Math.max(PAGE, this.#end + TAILROOM));
    this.#room.set(packet, this.#start);
  }

  /** The packet itself: the same bytes until an end moves. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#room.subarray(this.#start, this.#end);
  }

  /** The bytes before the packet that it has been given. */
  get meta(): Uint8Array<ArrayBuffer> {
    return this.#room.subarray(this.#meta, this.#start);
  }

  /** Moves the packet's start, and the metadata with it: 0, or a negative error number. */
  adjustHead(by: number): bigint {
    const [meta, start] = [this.#meta + by, this.#start + by];
    if (meta < FRAME_RECORD || start > this.#end - ETHERNET_HEADER) return EINVAL;
    this.#room.copyWithin(meta, this.#meta, this.#start);
    [this.#meta, this.#start] = [meta, start];
    return 0n;
  }

  /** Moves the start of the metadata, which end where the packet begins. */
  adjustMeta(by: number): bigint {
    const meta = this.#meta + by;
    const length = this.#start - meta;
    if (length < 0 || meta < FRAME_RECORD) return EINVAL;
    if (length % 4 !== 0 || length > LONGEST_META) return EACCES;
    this.#meta = meta;
    return 0n;
  }

  /** Moves the packet's end, as the kernel does where there is room behind; what is new holds zeros. */
  adjustTail(by: number): bigint {
    const end = this.#end + by;
    if (end < this.#start + ETHERNET_HEADER || end > PAGE - TAILROOM) return EINVAL;
    this.#room.fill(0, this.#end, end);
    this.#end = end;
    return 0n;
  }
}
