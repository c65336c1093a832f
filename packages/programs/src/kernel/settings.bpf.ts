import { u8, u32, u64 } from "@weir/bytecode/layout";
import { config } from "@weir/compiler/language";

/** Connections that one CPU's section of a flow table may hold. */
export const connections = config("connections", u32, 10_240);
/** Buckets of one CPU's section, with a third more slots than connections: room for hashing. */
export const flowBuckets = config("flow_buckets", u32, 1707);
/** CPUs that have a section; a packet on any other CPU is counted as overflow. */
export const sections = config("sections", u32, 1);

/** A connection that was silent for longer gives up its slot when another needs it; 0: never. */
export const idle = config("idle_ns", u64, 60_000_000_000);
/** Length of one tick of the kernel's clock. */
export const tick = config("tick_ns", u64, 1_000_000);
/** What to add to ticks to have CLOCK_MONOTONIC. */
export const clockBase = config("clock_base_ns", u64, 0);

/** Whether packets may come in several buffers, so that their length is not that of the first one. */
export const multiBuffer = config("multi_buffer", u8, 0);

/** Whether other CPUs may see stores of this one in another order than they were made (arm64). */
export const weakMemory = config("weak_memory", u8, 0);

/**
 * Odd factors of the hash, random for each load: with multiply-shift hashing (Dietzfelbinger et al., 1997) nobody who does
 * not know them can choose addresses that collide.
 */
export const key0 = config("hash_key_0", u64, u64.of(0x9e37_79b9_7f4a_7c15n));
export const key1 = config("hash_key_1", u64, u64.of(0xc2b2_ae3d_27d4_eb4fn));
export const key2 = config("hash_key_2", u64, u64.of(0x1656_67b1_9e37_79f9n));
export const key3 = config("hash_key_3", u64, u64.of(0xd6e8_feb8_6659_fd93n));
export const key4 = config("hash_key_4", u64, u64.of(0xa076_1d64_78bd_642fn));
