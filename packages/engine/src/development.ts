/**
 * For those who write kernel programs: what is in objects and in the kernel.
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
