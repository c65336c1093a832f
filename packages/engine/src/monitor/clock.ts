import { loadObject, tickNanoseconds } from "@weir/kernel";
import { ownProgram } from "../own-program.ts";
import { CLOCK_BYTES, CLOCK_OBJECT } from "./clock-program.ts";

/**
 * How the kernel's tick count, which costs a program nothing to read, becomes CLOCK_MONOTONIC:
 * `time = ticks * tick + base`, in nanoseconds.
 */
export interface Clock {
  readonly tick: bigint;
  /** Modulo 2^64, as the program adds it. */
  readonly base: bigint;
}

/** Reading the two clocks a few times: a tick may come between them, and then a pair is one tick off. */
const PAIRS = 5;

/**
 * Finds it by asking the kernel for both clocks at once. Ticks are a fixed length of CLOCK_MONOTONIC, so this holds until
 * the next boot.
 */
export function calibrateClock(): Clock {
  const tick = BigInt(tickNanoseconds());
  using object = loadObject(CLOCK_OBJECT);
  const program = ownProgram(object, "xdp_clock");
  const bases = Array.from({ length: PAIRS }, () => {
    const { data } = program.testRun({ data: new Uint8Array(CLOCK_BYTES) });
    const view = new DataView(data.buffer, data.byteOffset);
    return view.getBigUint64(8, true) - view.getBigUint64(0, true) * tick;
  });
  return { tick, base: BigInt.asUintN(64, median(bases)) };
}

function median(values: readonly bigint[]): bigint {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : 1));
  return sorted[Math.floor(sorted.length / 2)] ?? 0n;
}
