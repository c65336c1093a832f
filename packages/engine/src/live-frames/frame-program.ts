import {
  alu,
  atomic,
  callHelper,
  type HelperName,
  helperNumber,
  jump,
  load,
  type ObjectSpec,
  type ProgramSpec,
  store,
} from "@weir/bytecode";
import { bytes, struct, u32, u64 } from "@weir/bytecode/layout";
import { kernelFieldOffset } from "@weir/kernel";
import { argument, interfaceIndex, lookup, programOfSteps, requireNamespace, type Step } from "../program-of-steps.ts";

/** Frames that came in, and those of them that found room in the ring: map `COUNTS`. */
export const FrameCounts = struct({ seen: u64, kept: u64 });

/** What lies before the bytes of a frame in a record of map `FRAMES`. */
export const FrameHead = struct({
  /** Of the whole frame. */
  length: u32,
  /** Those that follow; 0 where the kernel did not give them. */
  captured: u32,
  /** Nanoseconds of CLOCK_MONOTONIC. */
  time: u64,
});

/** Bytes of a frame that are looked at: all of it, unless it is a jumbo frame. */
const SNAP = 2048;
/** Of all frames that wait to be read. */
const RING = 16 * 1024 * 1024;
/** Its reader looks by itself, so that a frame costs no wake-up. */
const BPF_RB_NO_WAKEUP = 1;
const XDP_PASS = 2;
const [SEEN, KEPT] = [0, 8];
const [LENGTH, CAPTURED, TIME] = [0, 4, 8];

/** The program, whichever it is. */
export const FRAME_PROGRAM = "weir_frames";

const register = (number: number) => ({ register: number });
const mov = (to: number, operand: number | { readonly register: number }): Step => alu("mov", 64, to, operand);
const call = (helper: HelperName): Step => callHelper(helperNumber(helper));

/**
 * An XDP program that writes the frames of its interface into a ring, and passes them on; all that it does ends in `XDP_PASS`.
 */
export function frameProgram(): ProgramSpec {
  return programOfSteps(
    { name: FRAME_PROGRAM, section: "xdp", type: "xdp" },
    [
      mov(6, register(1)),
      ...beginRecord(),
      mov(9, register(0)),
      ...atMostSnap(),
      // The helper takes no length of 0, and no frame is that short. Older verifiers learn nothing from "is not 0".
      jump("uge", 64, 9, 1, 1),
      mov(9, 1),
      mov(1, register(6)),
      mov(2, 0),
      mov(3, register(7)),
      alu("add", 64, 3, FrameHead.size),
      mov(4, register(9)),
      call("bpf_xdp_load_bytes"),
      ...writeRecord(),
    ],
    XDP_PASS,
  );
}

/**
 * A program that writes the frames of an interface into a ring before the XDP program there runs: to be loaded with `enters`.
 *
 * @param namespace inode number of the network namespace
 * @throws {KernelError} `WEIR_NOT_SUPPORTED` when the kernel does not tell its types
 */
export function entryProgram(index: number, namespace: number): ProgramSpec {
  return programOfSteps(
    { name: FRAME_PROGRAM, section: "fentry", type: "typed-tracepoint" },
    [
      argument(6, 0),
      // The same program may be on several interfaces.
      load(64, 2, 6, kernelFieldOffset("xdp_buff", "rxq")),
      load(64, 7, 2, kernelFieldOffset("xdp_rxq_info", "dev")),
      ...requireNamespace(7, namespace),
      interfaceIndex(2, 7),
      { leaveIf: ["ne", 2, index] },
      ...beginRecord(),
      // What is in the first buffer.
      load(64, 3, 6, kernelFieldOffset("xdp_buff", "data")),
      load(64, 9, 6, kernelFieldOffset("xdp_buff", "data_end")),
      alu("sub", 64, 9, register(3)),
      ...atMostSnap(),
      mov(1, register(7)),
      alu("add", 64, 1, FrameHead.size),
      mov(2, register(9)),
      call("bpf_probe_read_kernel"),
      ...writeRecord(),
    ],
    0,
  );
}

/** Counts a frame. r6 is what the program is given; then r8 = the counts, r7 = the record, which has the time, and r0 = the frame's length. */
function beginRecord(): readonly Step[] {
  return [
    mov(3, 0),
    ...lookup("COUNTS", 3),
    mov(8, register(0)),
    mov(1, 1),
    atomic("add", 64, 8, SEEN, 1),
    mov(3, 0),
    ...lookup("RECORD", 3),
    mov(7, register(0)),
    call("bpf_ktime_get_ns"),
    store(64, 7, TIME, register(0)),
    mov(1, register(6)),
    call("bpf_xdp_get_buff_len"),
    store(32, 7, LENGTH, register(0)),
  ];
}

/** r9 = the smaller one of itself and the bytes that a record has room for. */
const atMostSnap = (): readonly Step[] => [jump("ule", 64, 9, SNAP, 1), mov(9, SNAP)];

/** Writes the record with r9 bytes into the ring; r0 is not 0 where they could not be read. */
function writeRecord(): readonly Step[] {
  return [
    jump("eq", 64, 0, 0, 1),
    mov(9, 0),
    store(32, 7, CAPTURED, register(9)),
    { map: "FRAMES", register: 1 },
    mov(2, register(7)),
    mov(3, register(9)),
    alu("add", 64, 3, FrameHead.size),
    mov(4, BPF_RB_NO_WAKEUP),
    call("bpf_ringbuf_output"),
    { leaveIf: ["ne", 0, 0] },
    mov(1, 1),
    atomic("add", 64, 8, KEPT, 1),
  ];
}

/** An object with one of these programs, and its maps. */
export function frameObject(program: ProgramSpec): ObjectSpec {
  const record = struct({ head: FrameHead, bytes: bytes(SNAP) });
  const common = { flags: 0, keyType: 0, valueType: 0 } as const;
  const element = { keySize: u32.size, maxEntries: 1, ...common } as const;
  const maps = [
    { name: "COUNTS", type: "array", valueSize: FrameCounts.size, ...element },
    // A CPU has one frame at a time in its hands.
    { name: "RECORD", type: "per-cpu-array", valueSize: record.size, ...element },
    { name: "FRAMES", type: "ring-buffer", keySize: 0, valueSize: 0, maxEntries: RING, ...common },
  ] as const;
  return {
    license: "Dual MIT/GPL",
    maps: new Map(maps.map((map) => [map.name, map])),
    programs: new Map([[program.name, program]]),
    configs: new Map(),
    btf: undefined,
  };
}
