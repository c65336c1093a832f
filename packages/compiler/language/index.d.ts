/**
 * The words a kernel program is written with. They exist for the compiler only: nothing here runs under Node.
 *
 * Record types (`struct`, `u8` … `be64`, `array`, `bytes`) come from `@weir/bytecode/layout`, which exists at run time too,
 * so that user space decodes with the definition that the kernel program uses. A 64-bit constant that a plain number cannot
 * hold is written `u64.of(0x9e37_79b9_7f4a_7c15n)`.
 */

export * from "./atomics.d.ts";
export * from "./byte-order.d.ts";
export * from "./config.d.ts";
export * from "./maps/array-map.d.ts";
export * from "./maps/hash-map.d.ts";
export * from "./maps/target-map.d.ts";
export * from "./memory.d.ts";
export * from "./programs.d.ts";
export * from "./surroundings.d.ts";
export * from "./verdict.d.ts";
export * from "./xdp-packet.d.ts";
