/**
 * Rings of captured packets, one for each CPU, so that each has one writer. What a program writes are finished pcapng blocks:
 * user space passes them on without looking at them. See ARCHITECTURE.md, "Captures".
 */
import { struct, u8, u32, u64, type Value } from "@weir/bytecode/layout";
import {
  arrayMap,
  atomicAdd,
  config,
  cpuNumber,
  monotonicTime,
  view,
  type XdpAction,
  type XdpPacket,
} from "@weir/compiler/language";
import {
  CaptureChunk,
  CaptureRing,
  CaptureTickets,
  PACKET_BLOCK_OVERHEAD,
  PacketBlock,
  PacketBlockEnd,
} from "../records/capture.ts";
import { nextRandom, randomBits } from "./random.bpf.ts";
import { multiBuffer, weakMemory } from "./settings.bpf.ts";

export const CAPTURE_RINGS = arrayMap({ value: CaptureRing, maxEntries: 1, mmapable: true });
export const CAPTURE_CHUNKS = arrayMap({ value: CaptureChunk, maxEntries: 2, mmapable: true });
export const CAPTURE_TICKETS = arrayMap({ value: CaptureTickets, maxEntries: 1 });

/** Chunks of one ring less 1; their number is a power of two. */
const chunkMask = config("chunk_mask", u32, 1);
/** Bytes that are captured of a frame, at most. */
const snapLength = config("snap_length", u32, 96);
/** All bits of `snapLength - 1`, and of smaller numbers. */
const snapMask = config("snap_mask", u32, 127);
/** A bit for each verdict that is wanted. */
const verdicts = config("verdicts", u8, 0xff);
/** Of 2^32 random numbers so many take a frame; 0: every frame is taken. */
const sampleBelow = config("sample_below", u32, 0);
/** Frames to capture on all CPUs together; 0: no limit. */
const limit = config("limit", u64, 0);

const Word = struct({ value: u32 });
type Ring = Value<typeof CaptureRing>;
type Chunk = Value<typeof CaptureChunk>;

/**
 * The last byte of a chunk at which a block may begin, and the bits of all of them. Masks give bounds that verifiers before
 * Linux 6.8 still know of a value that was on the stack in between; those from comparisons they forget.
 */
const LAST_START = 0x3_fffc;

/** No frame is shorter than an Ethernet header. */
const SHORTEST = 14;

const ENHANCED_PACKET = 6;
/** Codes of options in the lower half, lengths in the upper one. */
const EPB_QUEUE = 0x4_0006;
const EPB_VERDICT = 0x9_0007;
/** The kind of verdict that an XDP program gives. */
const LINUX_EBPF_XDP = 2;

/** Whether the sampling takes this frame. */
function isTaken(ring: Ring): boolean {
  if (sampleBelow === 0) return true;
  const state = nextRandom(ring.random);
  ring.random = state;
  return randomBits(state) < sampleBelow;
}

/** Whether this frame still belongs to those that were asked for. */
function isWithinLimit(): boolean {
  if (limit === 0) return true;
  const tickets = CAPTURE_TICKETS.lookup(0);
  return tickets !== null && atomicAdd(tickets, "taken", 1) < limit;
}

/**
 * Lets user space see a block that is complete. x86 shows stores in the order they were made. Elsewhere it takes a barrier: an
 * atomic addition that gives the value before is a full one in every kernel's JIT, while one that gives nothing is none.
 */
function publish(ring: Ring, chunk: Chunk, at: u32, length: u32): void {
  if (weakMemory === 0) chunk.end = at + length;
  else if (atomicAdd(chunk, "end", length) !== at) return;
  ring.written += 1;
}

/** The chunk after the one that is full; null when user space has not read it yet. */
function nextChunk(ring: Ring, section: u32): Chunk | null {
  const number = ring.chunk;
  if (number - ring.freed >= chunkMask) return null;
  const chunk = CAPTURE_CHUNKS.lookup(section + (((number + 1) as u32) & chunkMask));
  if (chunk === null) return null;
  chunk.end = 0;
  // Also a barrier between the two, once in a chunk: user space sees a chunk only after it was emptied.
  if (atomicAdd(ring, "chunk", 1) !== number) return null;
  return chunk;
}

/** Writes a frame, with the verdict on it, into the ring of this CPU, unless it is not wanted; counts what became of it. */
export function captureFrame(packet: XdpPacket, verdict: XdpAction): void {
  const cpu = cpuNumber();
  const ring = CAPTURE_RINGS.lookup(cpu);
  if (ring === null) return;
  ring.seen += 1;
  if (((verdicts >> verdict) & 1) === 0) {
    ring.other_verdict += 1;
    return;
  }
  if (!isTaken(ring)) {
    ring.sampled_out += 1;
    return;
  }
  const section = cpu * (chunkMask + 1);
  let chunk = CAPTURE_CHUNKS.lookup(section + ((ring.chunk as u32) & chunkMask));
  if (chunk === null) {
    ring.lost_no_ring += 1;
    return;
  }
  if (chunk.end > LAST_START) {
    chunk = nextChunk(ring, section);
    if (chunk === null) {
      ring.lost_full += 1;
      return;
    }
  }
  const at: u32 = chunk.end & LAST_START;
  const length = multiBuffer === 0 ? packet.length : packet.totalLength;
  if (length < SHORTEST) {
    ring.lost_uncopied += 1;
    return;
  }
  const captured: u32 = (((length > snapLength ? snapLength : length) - 1) & snapMask) + 1;
  const padded: u32 = (captured + 3) & 0x1_fffc;
  const end = view(chunk.blocks, PacketBlockEnd, at + PacketBlock.size + padded);
  // The last word of the frame first: what the frame does not fill of it stays 0.
  view(chunk.blocks, Word, at + PacketBlock.size + padded - 4).value = 0;
  if (packet.copyTo(chunk.blocks, at + PacketBlock.size, 0, captured) !== 0) {
    ring.lost_uncopied += 1;
    return;
  }
  if (!isWithinLimit()) {
    ring.past_count += 1;
    return;
  }
  const time = monotonicTime() + ring.clock_offset;
  const total: u32 = PACKET_BLOCK_OVERHEAD + padded;
  const block = view(chunk.blocks, PacketBlock, at);
  block.type = ENHANCED_PACKET;
  block.length = total;
  block.interface_id = 0;
  block.time_high = (time >> 32) as u32;
  block.time_low = time as u32;
  block.captured_length = captured;
  block.original_length = length;
  end.queue_option = EPB_QUEUE;
  end.queue = packet.receiveQueue;
  end.verdict_option = EPB_VERDICT;
  end.verdict_low = LINUX_EBPF_XDP | (verdict << 8);
  end.verdict_middle = 0;
  end.verdict_high = 0;
  end.end_of_options = 0;
  end.length_again = total;
  publish(ring, chunk, at, total);
}
