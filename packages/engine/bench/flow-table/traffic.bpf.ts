/**
 * Traffic of many flows out of one frame: each time it is run, this program writes the ends of the next flow of a schedule into the frame. It goes on as
 * the program that is measured, or where there is none sends the frame off.
 */
import { bytes, packed, struct, u8, u32, u64 } from "@weir/bytecode/layout";
import { arrayMap, config, programArray, XDP_ABORTED, XDP_TX, xdp } from "@weir/compiler/language";

/** Whether the frame is one of IPv6. */
const ipv6 = config("ipv6", u8, 0);

/** Ethernet and IPv4 without options, and the ports of TCP or UDP. */
const Frame = packed({ before: bytes(26), addresses: u64, ports: u32 });
/** The same of IPv6, of which the lower half of the source changes. */
const Frame6 = packed({ before: bytes(30), sourceLow: u64, destination: bytes(16), ports: u32 });

/** What tells flows apart, as it is in the frame; all go to one address. */
export const SCHEDULE = arrayMap({ value: struct({ source: u32, ports: u32 }), maxEntries: 1, mmapable: true });

/** Where in the schedule the next flow is, and from where to where it is gone through. */
export const CURSOR = arrayMap({
  value: struct({
    next: u32,
    first: u32,
    /** Behind the last one. */
    end: u32,
    /** What is added to all sources, and what that grows by each time the schedule has been gone through. */
    shift: u32,
    growth: u32,
    /** Of IPv4. */
    destination: u32,
  }),
  maxEntries: 1,
});

export const MEASURED = programArray({ maxEntries: 1 });

export const next_flow = xdp((packet) => {
  const cursor = CURSOR.lookup(0);
  if (cursor === null) return XDP_ABORTED;
  const flow = SCHEDULE.lookup(cursor.next);
  if (flow === null) return XDP_ABORTED;
  const source = flow.source + cursor.shift;
  // By one store what programs load as one word: they would wait for two.
  if (ipv6 === 0) {
    const frame = packet.at(Frame, 0);
    if (frame === null) return XDP_ABORTED;
    frame.addresses = (source as u64) | ((cursor.destination as u64) << 32);
    frame.ports = flow.ports;
  } else {
    const frame = packet.at(Frame6, 0);
    if (frame === null) return XDP_ABORTED;
    frame.sourceLow = (source as u64) << 32;
    frame.ports = flow.ports;
  }
  let next = cursor.next + 1;
  if (next === cursor.end) {
    next = cursor.first;
    cursor.shift += cursor.growth;
  }
  cursor.next = next;
  MEASURED.call(packet, 0);
  return XDP_TX;
});
