import { array, struct, u32, u64 } from "@weir/bytecode/layout";

/**
 * A named set is one map, whose elements are pages of 512 words: the program looks up what it needs with one or two array look-ups,
 * which the kernel inlines, and user space has the whole as one piece of memory. Where what lies is in the first page
 * (`HEADER_…`), so a set's function depends on its map alone, and serves every set and every size.
 */
export const PAGE_WORDS = 512;
export const SetPage = struct({ words: array(u64, PAGE_WORDS) });

/** The odd factor of the hash, random for each set: nobody who does not know it can choose addresses that collide. */
export const HEADER_FACTOR = 0;
/** Pages of slots: each is a hash table of its own, so that a search stays in one page. */
export const HEADER_SLOT_PAGES = 1;
/** The first page of slots. */
export const HEADER_SLOTS_AT = 2;
/** Entries that end: pages of their slots, and the first of them. */
export const HEADER_TIMED_PAGES = 3;
export const HEADER_TIMED_AT = 4;
/** Which lengths such entries have: a byte for each, one more than it is, from the lowest byte on; 0 when there are none. */
export const HEADER_TIMED_LENGTHS = 5;
export const TIMED_LENGTHS = 8;
/** Slots that are looked at for one: the verifier follows each, for each length. The writer keeps to it, and says when it cannot. */
export const TIMED_PROBES = 16;
/**
 * A slot of an entry that ends: its tag, which no other one has, and which is the upper half of `high + low × TIMED_MIX + length`, then the unit with these, and behind them the tick of the kernel's
 * clock (jiffies) with which it ends. Nobody but the set's owner puts such entries in, so whoever knows the factor gains nothing by it.
 */
export const TIMED_MIX = 0x9e37_79b9_7f4a_7c15n;

/**
 * Slots that are looked at from the one on that the hash points at, round the page; a slot that is 0 ends the search. The writer keeps to it, and says when
 * it cannot.
 */
export const SET_PROBES = 128;

/**
 * States of nets, which are the values of an address's first 24 bits, lie in two steps, so that a set of few prefixes has few lines of the cache: the
 * directory has a number of 32 bits for each value of the first 16, and a block 256 states of two bits: one line, two units.
 */
export const DIRECTORY_AT = 1;
export const DIRECTORY_PAGES = 64;
/** What the directory says of all 256 nets at once: these two as states do, and from here on the number of the block's first unit, which is even. */
export const DIRECTORY_BLOCK = 2;
export const DirectoryPage = struct({ entries: array(u32, 1024) });
/** No address of the net is in the set. */
export const NET_NONE = 0;
/** All are. */
export const NET_ALL = 1;
/** Some may be: its slot says which. */
export const NET_SOME = 2;

/**
 * A slot of an IPv4 set: the net in the upper 24 bits, then one of these in 8 bits. Of `RANGES` the lower half has two ranges of the last byte,
 * `first, last, first, last` from below; of `LEAF` it is the number, counted through the whole map, of four words with a bit for each
 * last byte. 0 is a slot that ends a search.
 */
export const SLOT_RANGES = 1;
export const SLOT_LEAF = 2;
/** Words of a leaf, and of an interval of an IPv6 set. Units are counted through the whole map. */
export const UNIT_WORDS = 4;
export const PAGE_UNITS = 128;

/**
 * A slot of an IPv6 set: the group, which is the first 32 bits, in the upper half; in the lower one the number of a unit, behind which the intervals of the group lie, in order. Most
 * groups have one: that is marked, and the unit with their number need not be read.
 */
export const SLOT_ONE = 0x8000_0000;
/** The most times an IPv6 group of intervals is halved: 2^20 intervals. */
export const SET_HALVINGS = 20;

/** Of a slot of a set of hardware addresses that holds one, above its 48 bits. */
export const SLOT_USED_BIT = 48;
/** Ports: the first page of bits. */
export const PORTS_AT = 1;
