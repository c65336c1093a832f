import { struct, u32, u64 } from "@weir/bytecode/layout";

/**
 * What a steering program has given to a target, one record per CPU (an element of map `TARGETS`). Element 0 counts the frames that
 * were passed on to the network stack of this CPU, element 1 + n those of target n. So at all times `frames` of `STATS` = the sum
 * of `packets`.
 */
export const SteeredFrames = struct({
  packets: u64,
  /** Bytes of whole frames. */
  bytes: u64,
  /** Frames that should have gone to the target, were passed on since it was not there any more, and are counted in element 0. */
  absent: u64,
});

/** Which CPU a target is: an element of map `CPU_NUMBERS`. */
export const CpuNumber = struct({ number: u32 });

/** Values of `steering`. */
export const STEERING_OFF = 0;
export const STEERING_TO_CPUS = 1;
export const STEERING_TO_DEVICES = 2;
