import { readFileSync } from "node:fs";
import type { FileDescriptor } from "../descriptors/file-descriptor.ts";

/**
 * Bytes of memory that the kernel accounts for a map or a program; undefined where it does not tell.
 *
 * @example
 * ```ts
 * using map = BpfMap.byId(7);
 * objectMemory(map.descriptor); // 4096
 * ```
 */
export function objectMemory(descriptor: FileDescriptor): number | undefined {
  const text = readFileSync(`/proc/self/fdinfo/${descriptor.number}`, "utf8");
  const bytes = /^memlock:\s*(\d+)$/m.exec(text)?.[1];
  return bytes === undefined ? undefined : Number(bytes);
}
