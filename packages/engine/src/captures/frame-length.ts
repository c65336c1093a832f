/**
 * More than any frame has: libpcap stops at 256 KiB, the largest "BIG TCP" super frame of Linux is 512 KiB. A length above
 * it is taken for damage, so that a few wrong bytes do not make weir ask for gigabytes.
 */
export const LONGEST_FRAME = 16 * 1024 * 1024;
