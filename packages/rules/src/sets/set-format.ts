/**
 * What lies where in the header of a set, of that which the kernel program does not read: numbers of 32 bits. It stays as it is, since sets are
 * pinned, and opened by versions that come later.
 */
export const OWN_FORMAT = 0;
/** How many entries the set has, and how many it was made for. */
export const OWN_COUNT = 1;
export const OWN_CAPACITY = 2;

/** The list of prefixes: where its heads begin, how many they are (as the exponent of 2), where its nodes begin. All in 32-bit numbers of the memory. */
export const OWN_HEADS_AT = 3;
export const OWN_HEAD_BITS = 4;
export const OWN_NODES_AT = 5;
/** The number of the first node that never was one, and the first of those that were freed; nodes begin with 1. */
export const OWN_NODE_NEXT = 6;
export const OWN_NODE_FREE = 7;

/** Units: the first that never was given out, and the end. */
export const OWN_UNIT_NEXT = 8;
export const OWN_UNIT_END = 9;
/** What was freed while a program may have been reading it: where that list is, and how long. */
export const OWN_WAITING_AT = 10;
export const OWN_WAITING = 11;
/** A change that was begun: length + 1 of the prefix, 0 when there is none, then its words. */
export const OWN_PENDING = 12;
export const OWN_PENDING_WORDS = 13;
/** The first unit of the memory for them. */
export const OWN_UNITS_AT = 17;
/** Free units by the exponent of their number, 22 of them. */
export const OWN_UNITS_FREE = 20;
/** How many entries have each length. */
export const OWN_LENGTHS = 48;

export const FORMAT_IPV4 = 0x3405_e701;
export const FORMAT_IPV6 = 0x3605_e702;
export const FORMAT_PORTS = 0x9005_e701;
export const FORMAT_MACS = 0xac05_e701;
