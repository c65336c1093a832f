/**
 * An interpreter of eBPF programs, with the maps, helpers and contexts that they need: for tests and comparisons.
 *
 * @module
 */
export type { Clock } from "./clock.ts";
export type { Input } from "./contexts/input.ts";
export type { Helper, HelperCall, Helpers } from "./helpers/helper-call.ts";
export { type BareProgram, Machine, type MachineInput, type MachineOptions, type Outcome } from "./machine.ts";
export { MachineError, type MachinePlace } from "./machine-error.ts";
export { MachineMap } from "./maps/machine-map.ts";
export { MapOfMaps } from "./maps/map-of-maps.ts";
export { type PerfEvent, PerfEventArray } from "./maps/perf-event-array.ts";
export { ProgramArray } from "./maps/program-array.ts";
export { QueueMap } from "./maps/queue-map.ts";
export { RingBuffer } from "./maps/ring-buffer.ts";
export { SocketStorage } from "./maps/socket-storage.ts";
export type { Memory } from "./memory.ts";
export { FIRST_BUFFER } from "./packet-buffer.ts";
export type { Redirect } from "./redirect.ts";
export type { FibLookup } from "./surroundings.ts";
export type { Task } from "./task.ts";
