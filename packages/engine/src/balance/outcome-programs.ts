/**
 * What becomes of a frame after the verdict "redirect" the kernel tells tracepoints alone. These programs count it, for the maps
 * and the interfaces of one balancer. They run once for each batch of frames, not for each frame, so atomic additions are cheap.
 */
import { alu, atomic, callHelper, helperNumber, load, type ProgramSpec, store } from "@weir/bytecode";
import { i32, struct, u32, u64 } from "@weir/bytecode/layout";
import { kernelFieldOffset } from "@weir/kernel";
import {
  argument,
  interfaceIndex,
  lookup,
  requireNamespace,
  type Step,
  tracepointProgram,
} from "../program-of-steps.ts";

/** What became of the frames for a target: a CPU by its number, or an interface by its index (map `OUTCOMES`). */
export const Outcome = struct({
  /** Taken from the CPU's queue, or given to the driver. */
  delivered: u64,
  /** Dropped since the CPU's queue, or the interface's ring, was full, or the driver took no more. */
  dropped: u64,
  /** Taken from the CPU's queue and dropped for want of memory. */
  no_memory: u64,
  /** The latest error number with which frames were dropped, negative. */
  last_error: i32,
  reserved: u32,
});

/** Frames that the kernel did not even try to give to a target, by its key in the map of targets (map `ERRORS`). */
export const RedirectErrors = struct({ frames: u64, last_error: i32, reserved: u32 });

const [DELIVERED, DROPPED, NO_MEMORY, LAST_ERROR] = [0, 8, 16, 24];
const [ERROR_FRAMES, ERROR_LAST] = [0, 8];
const XDP_TX = 3;
const ENOSPC = 28;

const add = (offset: number, register: number): Step => atomic("add", 64, 0, offset, register);

/** Frames that found no place in a CPU's queue: `(map_id, processed, drops, to_cpu)`. */
export function cpuQueueFull(mapId: number): ProgramSpec {
  return tracepointProgram("raw", "xdp_cpumap_enqueue", [
    argument(6, 0),
    { leaveIf: ["ne", 6, mapId] },
    argument(7, 2),
    { leaveIf: ["eq", 7, 0] },
    argument(8, 3),
    ...lookup("OUTCOMES", 8),
    add(DROPPED, 7),
  ]);
}

/** Frames that a CPU took from its queue, on that CPU: `(map_id, processed, drops, sched, xdp_stats)`. */
export function cpuTook(mapId: number): ProgramSpec {
  return tracepointProgram("raw", "xdp_cpumap_kthread", [
    argument(6, 0),
    { leaveIf: ["ne", 6, mapId] },
    argument(7, 1),
    argument(8, 2),
    callHelper(helperNumber("bpf_get_smp_processor_id")),
    alu("mov", 64, 9, { register: 0 }),
    ...lookup("OUTCOMES", 9),
    // What it had no memory for is among what it took.
    alu("sub", 64, 7, { register: 8 }),
    add(DELIVERED, 7),
    add(NO_MEMORY, 8),
  ]);
}

/**
 * Frames that could not be redirected: `(dev, xdp, tgt, err, map_type, map_id, index)`. That a CPU's queue is full is such an error in
 * mode skb alone, and `cpuQueueFull` counts it in every mode.
 */
export function redirectFailed(mapId: number): ProgramSpec {
  return tracepointProgram("raw", "xdp_redirect_err", [
    argument(6, 5),
    // 32 bits of it count.
    alu("mov", 32, 6, { register: 6 }),
    { leaveIf: ["ne", 6, mapId] },
    argument(7, 3),
    alu("mov", 32, 7, { register: 7 }),
    alu("mov", 32, 6, -ENOSPC),
    { leaveIf: ["eq", 7, { register: 6 }] },
    argument(8, 6),
    ...lookup("ERRORS", 8),
    alu("mov", 64, 6, 1),
    add(ERROR_FRAMES, 6),
    store(32, 0, ERROR_LAST, { register: 7 }),
  ]);
}

/**
 * Frames that were given to a driver to send: `(from_dev, to_dev, sent, drops, err)`.
 *
 * @param namespace inode number of the network namespace
 * @throws {KernelError} `WEIR_NOT_SUPPORTED` when the kernel does not tell its types
 */
export function deviceSent(ingress: number, namespace: number): ProgramSpec {
  return tracepointProgram("typed", "xdp_devmap_xmit", [
    argument(6, 0),
    argument(7, 1),
    argument(8, 2),
    argument(9, 3),
    argument(4, 4),
    store(64, 10, -16, { register: 4 }),
    ...requireNamespace(6, namespace),
    interfaceIndex(2, 6),
    { leaveIf: ["ne", 2, ingress] },
    { leaveIf: ["eq", 7, 0] },
    interfaceIndex(2, 7),
    ...lookup("OUTCOMES", 2),
    add(DELIVERED, 8),
    { leaveIf: ["eq", 9, 0] },
    add(DROPPED, 9),
    load(64, 1, 10, -16),
    store(32, 0, LAST_ERROR, { register: 1 }),
  ]);
}

/**
 * Frames that the network stack could not send for a program in mode skb: `(dev, xdp, act)`, where the device is the target.
 *
 * @throws {KernelError} `WEIR_NOT_SUPPORTED` when the kernel does not tell its types
 */
export function deviceRefused(programId: number, namespace: number): ProgramSpec {
  return tracepointProgram("typed", "xdp_exception", [
    argument(6, 0),
    argument(7, 1),
    argument(8, 2),
    alu("mov", 32, 8, { register: 8 }),
    { leaveIf: ["ne", 8, XDP_TX] },
    ...requireNamespace(6, namespace),
    { leaveIf: ["eq", 7, 0] },
    load(64, 2, 7, kernelFieldOffset("bpf_prog", "aux")),
    load(32, 2, 2, kernelFieldOffset("bpf_prog_aux", "id")),
    { leaveIf: ["ne", 2, programId] },
    interfaceIndex(2, 6),
    ...lookup("OUTCOMES", 2),
    alu("mov", 64, 1, 1),
    add(DROPPED, 1),
  ]);
}
