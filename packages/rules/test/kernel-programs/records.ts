import { struct, u32, u64 } from "@weir/bytecode/layout";

/** An address, and whether the set has it all the time. */
export const Case = struct({ high: u64, low: u64, isMember: u32, wrong: u32 });
export const CASES = 32;
export const Runs = struct({ count: u64 });
