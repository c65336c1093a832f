/**
 * Nanoseconds per packet of the monitor, of its C twin (clang -O2, same maps, same algorithm) and of a program that only
 * passes packets, by test run on one CPU. The runs are interleaved; the twin loaded a second time is the noise floor.
 *
 * `npm run bench:monitor`, as root, with clang.
 */
import { cpus, release } from "node:os";
import { type ObjectSpec, withConfig, withMap } from "@weir/bytecode";
import { loadObject, presentCpus } from "@weir/kernel";
import { ethernet, type Packet } from "@weir/testing";
import { monitorObject } from "../src/index.ts";

import { compileC } from "../test/twin/compile-c.ts";

const REPEAT = 1_000_000;
const ROUNDS = 15;

const paths: Record<string, Packet> = {
  "IPv4/TCP": ethernet().ipv4().tcp({ destinationPort: 80 }),
  "IPv6/UDP": ethernet().ipv6().udp({ destinationPort: 53 }),
  VLAN: ethernet().vlan(5).ipv4().tcp({ destinationPort: 80 }),
  "extension headers": ethernet()
    .ipv6()
    .extension("hopByHop")
    .extension("destinationOptions")
    .udp({ destinationPort: 53 }),
};

using objects = new DisposableStack();
function runner(spec: ObjectSpec, name: string): (frame: Uint8Array) => number {
  const object = objects.use(loadObject(spec));
  const found = object.program(name);
  if (found.kind === "not found") throw new Error(`no program ${name}`);
  // By this process's clock: the kernel gives whole nanoseconds, and one is two percent.
  return (data) => {
    const start = performance.now();
    found.program.testRun({ data, repeat: REPEAT });
    return ((performance.now() - start) * 1e6) / REPEAT;
  };
}

const sections = presentCpus();
const slots = 13_654;
const twin = () => runner(compileC("monitor.c", { SECTIONS: sections, SLOTS: slots }), "xdp_packet_monitor");
const programs = {
  null: runner(compileC("null.c"), "xdp_pass"),
  weir: runner(sized(monitorObject(), sections * slots), "xdp_packet_monitor"),
  clang: twin(),
  "clang again": twin(),
};

function sized(spec: ObjectSpec, maxEntries: number): ObjectSpec {
  const tables = ["XDP_CONN_STATS", "XDP_CONN6_STATS"];
  return tables.reduce((object, map) => withMap(object, map, { maxEntries }), withConfig(spec, { sections, slots }));
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const lines = [`${cpus()[0]?.model}, Linux ${release()}, test run, ${ROUNDS} rounds of ${REPEAT} packets`];
for (const [path, packet] of Object.entries(paths)) {
  const frame = packet.paddedTo(60);
  const times: Record<string, number[]> = { null: [], weir: [], clang: [], "clang again": [] };
  const all = Object.entries(programs);
  for (let round = 0; round < ROUNDS; round++) {
    // Each round begins with another program, so that none always follows the same one.
    for (const turn of all.keys()) {
      const [name, run] = all[(round + turn) % all.length] ?? [];
      if (name !== undefined && run !== undefined) times[name]?.push(run(frame));
    }
  }
  const of = (name: string): readonly number[] => times[name] ?? [];
  const ratio = (a: string, b: string) => median(of(a).map((value, round) => value / (of(b)[round] ?? Number.NaN)));
  const figure = (nanoseconds: number) => nanoseconds.toFixed(1);
  lines.push("", path);
  for (const name of Object.keys(programs))
    lines.push(`  ${name.padEnd(12)} median ${figure(median(of(name)))} ns: ${of(name).map(figure).join(" ")}`);
  lines.push(
    `  over null ${figure(median(of("weir")) - median(of("null")))} ns; weir/clang ${ratio("weir", "clang").toFixed(3)}, ` +
      `noise floor (clang again/clang) ${ratio("clang again", "clang").toFixed(3)}`,
  );
}
process.stdout.write(`${lines.join("\n")}\n`);
