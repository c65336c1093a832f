import type { Value } from "../ir/value.ts";

/**
 * What an address points into: the packet, the stack, or memory that the kernel gave when it was called (the value of a map), or global variables. Memory of one
 * kind never overlaps memory of another; `unknown` may be any of them, and `number` is no address.
 */
export type MemoryRegion = "packet" | "stack" | "given" | "global" | "unknown" | "number";

export function regionOf({ operation, operands }: Value): MemoryRegion {
  const [first, second] = operands;
  switch (operation.kind) {
    case "stack":
      return "stack";
    case "map":
      return operation.of === "value" ? "global" : "unknown";
    case "call-helper":
    case "call-kernel-function":
      return "given";
    case "constant":
    case "config":
    case "kernel-type":
      return "number";
    case "zero-extend":
      // The kernel makes the 32-bit fields data and data_end of the context 64-bit addresses as they are loaded.
      return first !== undefined && isPacketPointer(first) ? "packet" : "number";
    case "binary":
      if (operation.operator !== "add" || first === undefined || second === undefined) return "unknown";
      return regionOfSum(regionOf(first), regionOf(second));
    default:
      return "unknown";
  }
}

function regionOfSum(first: MemoryRegion, second: MemoryRegion): MemoryRegion {
  if (first === "number") return second;
  return second === "number" ? first : "unknown";
}

function isPacketPointer({ operation }: Value): boolean {
  return operation.kind === "load" && operation.packet;
}
