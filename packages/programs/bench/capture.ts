/**
 * Nanoseconds per captured packet, by test run on one CPU: weir's ring, the same in C, and the kernel's own ring buffer with the
 * same bytes in it, beside a program that only passes packets. The runs are interleaved, each with rings that are empty.
 *
 * `npm run bench:capture`, as root, with clang.
 */
import { cpus, release } from "node:os";
import { type ObjectSpec, withConfig, withMap } from "@weir/bytecode";
import { loadObject, possibleCpus, presentCpus } from "@weir/kernel";
import { ethernet } from "@weir/testing";
import { captureObject } from "../src/index.ts";
import { compileC } from "../test/twin/compile-c.ts";

const ROUNDS = 25;
/** As many packets as rings of 4 MiB hold. */
const REPEAT = 20_000;
const CHUNKS = 16;
const SNAP_LENGTH = 96;
const SNAP_MASK = 127;
const frame = ethernet().ipv4().udp().paddedTo(100);

const settings = { chunk_mask: CHUNKS - 1, snap_length: SNAP_LENGTH, snap_mask: SNAP_MASK };
const macros = { CHUNK_MASK: CHUNKS - 1, SNAP_LENGTH, SNAP_MASK };
const capture = withConfig(captureObject(), settings);
const programs: Record<string, ObjectSpec> = {
  "does nothing": compileC("null.c"),
  "weir, sampled out": sized(withConfig(capture, { sample_below: 1 })),
  weir: sized(capture),
  "weir, as on arm64": sized(withConfig(capture, { weak_memory: 1 })),
  clang: sized(compileC("capture.c", macros)),
  "ring buffer": withMap(compileC("capture.c", { ...macros, RING_BUFFER: 1 }), "CAPTURE_RINGS", {
    maxEntries: possibleCpus(),
  }),
};

function sized(spec: ObjectSpec): ObjectSpec {
  const rings = withMap(spec, "CAPTURE_RINGS", { maxEntries: possibleCpus() });
  return withMap(rings, "CAPTURE_CHUNKS", { maxEntries: CHUNKS * presentCpus() });
}

function nanoseconds(spec: ObjectSpec): number {
  using object = loadObject(spec);
  const [name = ""] = spec.programs.keys();
  const found = object.program(name);
  if (found.kind === "not found") throw new Error(`no program ${name}`);
  // By the kernel's clock: attaching to its dispatcher takes a call longer than so few packets.
  return found.program.testRun({ data: frame, repeat: REPEAT }).nanoseconds;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const times = new Map(Object.keys(programs).map((name) => [name, [] as number[]]));
const all = Object.entries(programs);
for (let round = 0; round < ROUNDS; round++) {
  for (const turn of all.keys()) {
    const [name, spec] = all[(round + turn) % all.length] ?? [];
    if (name !== undefined && spec !== undefined) times.get(name)?.push(nanoseconds(spec));
  }
}
const nothing = median(times.get("does nothing") ?? []);
process.stdout.write(
  `${cpus()[0]?.model}, Linux ${release()}, test run, ${ROUNDS} rounds of ${REPEAT} packets of ${frame.length} bytes, ` +
    `snap length ${SNAP_LENGTH}\n`,
);
for (const [name, values] of times) {
  const over = String(median(values) - nothing).padStart(4);
  const runs = values.map((value) => value.toFixed(0)).join(" ");
  process.stdout.write(`${name.padEnd(18)} ${over} ns over a program that does nothing: ${runs}\n`);
}
