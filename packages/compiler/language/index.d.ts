/**
 * The words a kernel program is written with. They exist for the compiler only: nothing here runs under Node.
 *
 * Record types (`struct`, `u8` … `be64`, `array`, `bytes`) come from `@weir/bytecode/layout`, which exists at run time too,
 * so that user space decodes with the definition that the kernel program uses. A 64-bit constant that a plain number cannot
 * hold is written `u64.of(0x9e37_79b9_7f4a_7c15n)`.
 */

export * from "./atomics.js";
export * from "./byte-order.js";
export * from "./config.js";
export * from "./functions.js";
export * from "./global-variables.js";
export * from "./kernel.js";
export * from "./likelihood.js";
export * from "./loops.js";
export * from "./maps/array-map.js";
export * from "./maps/bloom-filter.js";
export * from "./maps/hash-map.js";
export * from "./maps/lpm-map.js";
export * from "./maps/map-of-maps.js";
export * from "./maps/perf-event-array.js";
export * from "./maps/program-array.js";
export * from "./maps/queue-map.js";
export * from "./maps/ring-buffer.js";
export * from "./maps/sk-storage-map.js";
export * from "./maps/stored.js";
export * from "./maps/target-map.js";
export * from "./memory.js";
export * from "./print.js";
export * from "./programs.js";
export * from "./sk-buff.js";
export * from "./socket-operation.js";
export * from "./spin-lock.js";
export * from "./surroundings.js";
export * from "./timers.js";
export * from "./verdict.js";
export * from "./xdp-packet.js";
