import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { array, type Decoded, decode } from "@weir/bytecode/layout";
import { compile, formatDiagnostics } from "@weir/compiler";
import { attachTracepoint, type LoadedObject, loadObject, RingBuffer } from "@weir/kernel";
import { NetworkNamespace, requireRoot } from "@weir/laboratory";
import { describe, expect, test } from "vitest";
import { Connect, Packets } from "../../records.ts";

function load(name: string): LoadedObject {
  const { object, diagnostics } = compile(fileURLToPath(new URL(`../../${name}.bpf.ts`, import.meta.url)));
  if (object === undefined) throw new Error(formatDiagnostics(diagnostics));
  return loadObject(object);
}

function attach(object: LoadedObject, name: string): Disposable {
  const found = object.program(name);
  const spec = object.spec.programs.get(name);
  if (found.kind === "not found" || spec === undefined) throw new Error(`there is no program ${name}`);
  return attachTracepoint(found.program, spec);
}

const HERE = 0x7f00_0001;

describe.skipIf(requireRoot())("programs at tracepoints", () => {
  test("connect: which process connects to where", () => {
    using network = NetworkNamespace.create();
    using object = load("connect");
    using connects = RingBuffer.of(object.map("CONNECTS"));
    using _link = attach(object, "trace_connect");
    // Nobody listens; that it tries is what is traced.
    network.run("bash", ["-c", "(echo > /dev/tcp/127.0.0.1/4242) 2>/dev/null || true"]);
    const seen: Decoded<typeof Connect>[] = [];
    connects.drain(({ buffer, byteOffset }) => seen.push(decode(Connect, new DataView(buffer, byteOffset))));
    const [mine] = seen.filter(({ destination, port }) => destination === HERE && port === 4242);
    expect(mine?.process).toBeGreaterThan(1);
    expect(text(mine?.name ?? [])).toBe("bash");
  });

  test("latency: each wake-up is in one of the buckets", async () => {
    using object = load("latency");
    using _woken = attach(object, "woken");
    using _running = attach(object, "running");
    for (let turn = 0; turn < 20; turn++) await setTimeout(2);
    const histogram = object.variable("histogram", array(Packets, 64)).value;
    const total = histogram.reduce((sum, { packets }) => sum + packets, 0n);
    expect(total).toBeGreaterThan(20n);
    // None waits for less than 64 ns or longer than a minute.
    expect(
      histogram
        .slice(0, 6)
        .concat(histogram.slice(36))
        .every(({ packets }) => packets === 0n),
    ).toBe(true);
  });
});

const text = (bytes: Iterable<number>): string => String.fromCharCode(...bytes).replace(/\0.*/s, "");
