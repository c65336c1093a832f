import { array, struct, u8, u32 } from "@weir/bytecode/layout";

/** Programs that one dispatcher calls at most. */
export const DISPATCHER_PROGRAMS = 10;
/** First byte of a dispatcher's settings. */
export const DISPATCHER_MAGIC = 236;
/** Of libxdp's protocol, as of xdp-tools 1.3. */
export const DISPATCHER_VERSION = 2;
/** What a place without a program gives: a verdict that no program gives, and after which the next one is called. */
export const NOTHING_REPLACED = 31;

/**
 * A dispatcher's settings, its only variable, which lie in `.rodata`: `struct xdp_dispatcher_config` of libxdp's protocol, version 2
 * (xdp-tools, lib/libxdp/protocol.org). Places from `programs` on mean nothing.
 */
export const DispatcherSettings = struct({
  magic: u8,
  version: u8,
  programs: u8,
  /** 1 when the dispatcher was loaded for packets in several buffers. */
  frags: u8,
  /** Bit n: the next program is called behind verdict n. */
  continueAfter: array(u32, DISPATCHER_PROGRAMS),
  priorities: array(u32, DISPATCHER_PROGRAMS),
  /** `BPF_F_XDP_HAS_FRAGS` for a program that takes packets in several buffers. */
  flags: array(u32, DISPATCHER_PROGRAMS),
});
