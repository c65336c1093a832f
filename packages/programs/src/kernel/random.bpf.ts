import { type u32, u64 } from "@weir/bytecode/layout";

/**
 * The next state of a random number generator: one multiplication and one addition instead of a helper call of 18 ns. Knuth's
 * MMIX generator, of full period whatever state it begins with.
 */
export function nextRandom(state: u64): u64 {
  return state * u64.of(6_364_136_223_846_793_005n) + u64.of(1_442_695_040_888_963_407n);
}

/** 32 random bits of a state: its upper ones, since the lower have short periods. */
export function randomBits(state: u64): u32 {
  return (state >> 32) as u32;
}
