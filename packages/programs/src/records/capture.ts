import { bytes, struct, u32, u64 } from "@weir/bytecode/layout";

/**
 * The ring of one CPU: what its packets became, where it stands, and what user space tells it. A slot of map
 * `CAPTURE_RINGS`. The program writes all up to `random`; user space writes the rest, which therefore lies in another cache line.
 *
 * `seen` = `other_verdict` + `sampled_out` + `past_count` + `written` + `lost_full` + `lost_no_ring` + `lost_uncopied`.
 */
export const CaptureRing = struct({
  seen: u64,
  /** Frames whose verdict was not asked for. */
  other_verdict: u64,
  /** Frames that the sampling left out. */
  sampled_out: u64,
  /** Frames after the last one that was asked for. */
  past_count: u64,
  /** Frames in the ring, read or not. */
  written: u64,
  /** Frames that found the ring full. */
  lost_full: u64,
  /** Frames on a CPU that was plugged in later and has no ring. */
  lost_no_ring: u64,
  /** Frames whose bytes the kernel did not give. */
  lost_uncopied: u64,
  /** How many chunks were begun before the one that is being filled. */
  chunk: u64,
  /** State of the random number generator. */
  random: u64,
  reserved: bytes(48),
  /** How many chunks user space has read to their end. */
  freed: u64,
  /** What to add to CLOCK_MONOTONIC to have nanoseconds since 1970. */
  clock_offset: u64,
  reserved_too: bytes(48),
});

/** Bytes of a chunk in which blocks begin. Behind them there is room for the longest block. */
export const CHUNK_STARTS = 256 * 1024;

/** A part of a ring, in map `CAPTURE_CHUNKS`: whole pcapng blocks, one behind the other. A whole number of pages. */
export const CaptureChunk = struct({
  /** Bytes that are valid. Changes with each block that is complete. */
  end: u32,
  reserved: u32,
  blocks: bytes(CHUNK_STARTS + 17 * 4096 - 8),
});

/** How many frames were captured on all CPUs together, where that is limited: map `CAPTURE_TICKETS`. */
export const CaptureTickets = struct({ taken: u64 });

/** The fixed fields of an Enhanced Packet Block (draft-ietf-opsawg-pcapng, section 4.3). */
export const PacketBlock = struct({
  type: u32,
  length: u32,
  interface_id: u32,
  time_high: u32,
  time_low: u32,
  captured_length: u32,
  original_length: u32,
});

/** What follows its bytes: option epb_queue, option epb_verdict, the end of options, the block's length again. */
export const PacketBlockEnd = struct({
  queue_option: u32,
  queue: u32,
  verdict_option: u32,
  /** The kind of verdict, then the lower three bytes of its 64 bits. */
  verdict_low: u32,
  verdict_middle: u32,
  verdict_high: u32,
  end_of_options: u32,
  length_again: u32,
});

/** Bytes of a block besides the packet's own, which are filled up to a multiple of 4. */
export const PACKET_BLOCK_OVERHEAD = PacketBlock.size + PacketBlockEnd.size;

/** The kernel copies no more at once, and from no further (`bpf_xdp_pointer()` in net/core/filter.c). */
export const LONGEST_CAPTURE = 0xffff;
