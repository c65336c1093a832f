import { readFileSync } from "node:fs";

/** What the numbers in the calls of programs in the kernel are counted from. */
const BASE = "__bpf_call_base";

/**
 * The functions that programs in the kernel call, by the distance from where the kernel counts them: none where addresses are
 * hidden from this process.
 */
export function kernelSymbols(distances: ReadonlySet<number>): Map<number, string> {
  const found = new Map<number, string>();
  if (distances.size === 0) return found;
  const lines = readFileSync("/proc/kallsyms", "utf8").split("\n");
  const base = lines.find((line) => line.endsWith(` ${BASE}`));
  const start = address(base);
  if (start === undefined || start === 0n) return found;
  const wanted = new Map([...distances].map((distance) => [start + BigInt(distance), distance]));
  for (const line of lines) {
    const distance = wanted.get(address(line) ?? -1n);
    const name = line.split(/\s/)[2];
    if (distance !== undefined && name !== undefined && !found.has(distance)) found.set(distance, name);
  }
  return found;
}

function address(line = ""): bigint | undefined {
  const digits = /^[0-9a-f]+/.exec(line)?.[0];
  return digits === undefined ? undefined : BigInt(`0x${digits}`);
}
