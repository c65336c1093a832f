import type { Layout } from "@weir/bytecode/layout";
import type { FunctionBuilder, Value, Width } from "@weir/codegen";
import { widestAccesses } from "./memory.ts";
import type { MemoryPlace, RecordPlace } from "./place.ts";
import { scalarFields } from "./scalar-layout.ts";
import { readScalars, writeScalars } from "./scalar-values.ts";

/** Copies what a record or an array holds. All is read before anything is written: the places may overlap, as in a packet whose header is moved by a few bytes. */
export function copyScalars(builder: FunctionBuilder, layout: Layout, from: RecordPlace, to: RecordPlace): void {
  if (from.kind === "memory" && to.kind === "memory") {
    copyRuns(builder, runsOf(layout), from, to);
    return;
  }
  writeScalars(builder, layout, to, readScalars(builder, layout, from));
}

/**
 * The same into memory that is new, so that nothing has to be read before anything is written; false, and nothing is done, where that is not all of its
 * bytes: what lies between scalars is for others to clear.
 */
export function copyToNew(builder: FunctionBuilder, layout: Layout, from: RecordPlace, to: MemoryPlace): boolean {
  const [run, ...others] = runsOf(layout);
  if (from.kind !== "memory" || run?.end !== layout.size || others.length > 0) return false;
  for (const { at, width } of widestAccesses(0, layout.size, from, to)) {
    builder.store(width, to.address, to.offset + at, builder.load(width, from.address, from.offset + at));
  }
  return true;
}

/** Copies bytes from one place in memory to another one; all is read first. */
export function copyBytes(builder: FunctionBuilder, from: MemoryPlace, to: MemoryPlace, size: number): void {
  copyRuns(builder, [{ start: 0, end: size }], from, to);
}

/** Bytes without padding between them, from the start of a layout. */
interface Run {
  readonly start: number;
  readonly end: number;
}

/** What lies between the scalars of a record is not part of it. */
function runsOf(layout: Layout): readonly Run[] {
  const runs: Run[] = [];
  for (const { offset, type } of scalarFields(layout)) {
    const last = runs.at(-1);
    const end = offset + type.bits / 8;
    if (last?.end === offset) runs.splice(-1, 1, { start: last.start, end });
    else runs.push({ start: offset, end });
  }
  return runs;
}

function copyRuns(builder: FunctionBuilder, runs: readonly Run[], from: MemoryPlace, to: MemoryPlace): void {
  const pieces: { readonly at: number; readonly width: Width; readonly value: Value }[] = [];
  for (const { start, end } of runs) {
    for (const { at, width } of widestAccesses(start, end, from, to)) {
      pieces.push({ at, width, value: builder.load(width, from.address, from.offset + at) });
    }
  }
  for (const { at, width, value } of pieces) builder.store(width, to.address, to.offset + at, value);
}
