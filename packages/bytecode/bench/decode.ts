/** Milliseconds to decode 100,000 records of ten fields: `node --conditions=source bench/decode.ts`. */
import { be16, be32, decode, struct, u8, u64 } from "../src/layout/index.ts";

const Record = struct({
  source: be32,
  destination: be32,
  sourcePort: be16,
  destinationPort: be16,
  protocol: u8,
  kind: u8,
  packets: u64,
  bytes: u64,
  lastSeen: u64,
  drops: u64,
});
const COUNT = 100_000;
const RUNS = 15;

const view = new DataView(new Uint8Array(COUNT * Record.size).map((_, index) => index * 7).buffer);
const times = Array.from({ length: RUNS }, () => {
  const start = performance.now();
  const records = Array.from({ length: COUNT }, (_, index) => decode(Record, view, index * Record.size));
  return { time: performance.now() - start, last: records.at(-1) };
});
const sorted = times.map(({ time }) => time).sort((left, right) => left - right);
const [first = 0] = times.map(({ time }) => time);
const format = (time: number | undefined): string => (time ?? 0).toFixed(1);
process.stdout.write(`first ${format(first)} ms, median ${format(sorted[Math.floor(RUNS / 2)])} ms\n`);
