import { u32, u64 } from "@weir/bytecode/layout";
import { config } from "@weir/compiler/language";

/** The hardware address of the interface, as the words that a frame for it begins with. */
export const ownFirst = config("own_first", u32, 0);
export const ownSecond = config("own_second", u32, 0);

/** Slots of the table of services that hashes point at. */
export const serviceSlots = config("service_slots", u32, 256);
/** Entries of one service's Maglev table. */
export const ringSize = config("ring_size", u32, 65_537);
/** Elements of map `RINGS` that one service has. */
export const ringParts = config("ring_parts", u32, 16_385);

/** Elements of the table of connections. */
export const buckets = config("buckets", u32, 16_384);
/** Ticks are shifted by so much to become the time of a connection, which has 16 bits: about seconds. */
export const timeShift = config("time_shift", u32, 10);
/** For how long a connection may be silent before its place may be taken, in the same unit. */
export const silence = config("silence", u32, 300);

/**
 * Odd factors of the hash that says which backend a flow gets and where it is in the table of connections. Who has the same
 * ones has the same Maglev tables; who does not know them cannot choose flows that collide.
 */
export const flowKey0 = config("flow_key_0", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
export const flowKey1 = config("flow_key_1", u64, u64.of(0xc2b2_ae3d_27d4_eb4fn));
export const flowKey2 = config("flow_key_2", u64, u64.of(0x1656_67b1_9e37_79f9n));
export const flowKey3 = config("flow_key_3", u64, u64.of(0xd6e8_feb8_6659_fd93n));
export const flowKey4 = config("flow_key_4", u64, u64.of(0xa076_1d64_78bd_642fn));
/** How many packets that are too large one CPU answers in a unit of time (RFC 4443, section 2.4 f: there must be a limit). */
export const tooBigAnswers = config("too_big_answers", u32, 100);
