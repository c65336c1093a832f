import { alu, callHelper, exit, jump, load, type ObjectSpec, type ProgramSpec, store } from "@weir/bytecode";

/** Numbers of `enum bpf_func_id`. */
const JIFFIES = 118;
const COARSE_TIME = 160;
const PASS = 2;

/** The bytes that the program writes to the start of the packet: ticks, then nanoseconds of CLOCK_MONOTONIC_COARSE. */
export const CLOCK_BYTES = 16;

/**
 * A program that writes the kernel's tick count, and the time of the last tick, into the packet that it is run on.
 *
 * Written in instructions because it is loaded at each start, before anything else: so it needs neither maps nor BTF.
 */
const PROGRAM: ProgramSpec = {
  name: "xdp_clock",
  section: "xdp",
  type: "xdp",
  frags: false,
  instructions: [
    alu("mov", 64, 0, PASS),
    load(32, 6, 1, 0), // r6 = packet start
    load(32, 2, 1, 4), // r2 = packet end
    alu("mov", 64, 3, { register: 6 }),
    alu("add", 64, 3, CLOCK_BYTES),
    jump("ugt", 64, 3, { register: 2 }, 5),
    callHelper(JIFFIES),
    store(64, 6, 0, { register: 0 }),
    callHelper(COARSE_TIME),
    store(64, 6, 8, { register: 0 }),
    alu("mov", 64, 0, PASS),
    exit(),
  ],
  references: [],
  functions: [],
  lines: [],
};

export const CLOCK_OBJECT: ObjectSpec = {
  license: "Dual MIT/GPL",
  maps: new Map(),
  programs: new Map([[PROGRAM.name, PROGRAM]]),
  configs: new Map(),
  btf: undefined,
};
