/**
 * For those who write kernel programs: what is in objects and in the kernel, and programs that run while they are written.
 *
 * @module
 */
export { type InspectObjectOptions, inspectObject } from "./development/inspect-object.ts";
export { inspectPinned, inspectProgram } from "./development/inspect-program.ts";
export type {
  InspectedCode,
  InspectedFunction,
  InspectedMap,
  InspectedObject,
  InspectedProgram,
  LiveProgram,
} from "./development/inspected.ts";
export type {
  ClosedContents,
  EntryContents,
  MapContents,
  MapEntryContents,
  VariableContents,
} from "./development/map-contents.ts";
export type { WrittenRecord } from "./development/record-reader.ts";
export { type Replacement, type Running, type RunningProgram, type RunOptions, run } from "./development/run.ts";
