import { closeSync, openSync, readSync } from "node:fs";

/** Random bytes from the kernel. `node:crypto` has the same ones, and takes 10 ms of CPU to load. */
export function randomBytes(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  const source = openSync("/dev/urandom", "r");
  try {
    // A read of up to 256 bytes is never cut short (random(4)).
    for (let start = 0; start < count; start += 256) {
      const length = Math.min(256, count - start);
      if (readSync(source, bytes, start, length, null) !== length) throw new Error("/dev/urandom gave too little");
    }
  } finally {
    closeSync(source);
  }
  return bytes;
}
