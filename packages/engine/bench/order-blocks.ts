/**
 * Nanoseconds that user space takes for a captured packet before it is written: nothing is looked at where one CPU has packets,
 * blocks are merged where several have.
 *
 * `npm run bench:capture`.
 */
import { cpus as processors } from "node:os";
import { OrderedBlocks } from "../src/live-capture/ordered-blocks.ts";
import { RingMemory } from "../test/unit/live-capture/ring-memory.ts";

const ROUNDS = 15;
const PACKETS = 100_000;
const LAST_START = 200_000;
const START = 1_800_000_000_000_000_000n;
const CASES = [
  { cpus: 1, run: 1 },
  { cpus: 2, run: 64 },
  { cpus: 2, run: 1 },
  { cpus: 8, run: 1 },
] as const;

/** Of one round, in which the CPUs take turns after so many packets. */
function nanoseconds(cpus: number, run: number): number {
  const memory = new RingMemory(cpus, 32, LAST_START);
  const blocks = new OrderedBlocks(memory.cursors, START);
  for (let number = 0; number < PACKETS; number++) {
    const cpu = Math.floor(number / run) % cpus;
    if (!memory.write(cpu, START + BigInt(number), number)) throw new Error("a ring is full");
  }
  const begin = performance.now();
  let bytes = 0;
  for (let piece = blocks.next(undefined); piece !== undefined; piece = blocks.next(undefined)) bytes += piece.length;
  const time = performance.now() - begin;
  if (bytes !== PACKETS * 64) throw new Error(`${bytes} bytes came out`);
  return (time * 1e6) / PACKETS;
}

process.stdout.write(
  `${processors()[0]?.model}, Node ${process.versions.node}, ${ROUNDS} rounds of ${PACKETS} packets\n`,
);
for (const { cpus, run } of CASES) {
  const times = Array.from({ length: ROUNDS }, () => nanoseconds(cpus, run));
  const median = times.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
  process.stdout.write(
    `${cpus} CPUs, in turns of ${run}: median ${median.toFixed(1)} ns: ${times.map((time) => time.toFixed(1)).join(" ")}\n`,
  );
}
