/**
 * Nanoseconds per packet of the steering program for two CPUs, of its C twin, of the monitor, and of a program that only passes
 * packets, by test run on one CPU: choosing the target is measured, with the call that redirects; what the kernel then does with the
 * packet is not. The runs are interleaved; the twin loaded a second time is the noise floor.
 *
 * `npm run bench:steering`, as root, with clang.
 */
import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { ArrayMap, CpuMap, type LoadedObject, presentCpus } from "@weir/kernel";
import { CpuNumber, cpusObject, monitorObject, withFlowTables } from "../src/index.ts";
import { compileC } from "../test/twin/compile-c.ts";
import { Comparison, heading, PATHS, runner } from "./interleaved.ts";

const TARGETS = 2;

using objects = new DisposableStack();
const sections = presentCpus();
const slots = 13_656;

function sized(spec: ObjectSpec, maps: Readonly<Record<string, number>> = {}): ObjectSpec {
  return withMapSizes(withFlowTables(spec, { slots, sections }), maps);
}

/** Both targets are CPU 0: which one it is costs nothing. */
function addCpus(object: LoadedObject): void {
  using cpus = CpuMap.of(object.map("CPUS"));
  cpus.set(0, { queueSize: 192 });
  using numbers = ArrayMap.of(object.map("CPU_NUMBERS"), { value: CpuNumber });
  for (let index = 0; index < TARGETS; index++) numbers.set(index, { number: 0 });
}

const twin = () =>
  runner(
    compileC("steer.c", { SECTIONS: sections, SLOTS: slots, TARGET_COUNT: TARGETS }),
    "xdp_steer",
    objects,
    addCpus,
  );
const programs = {
  null: runner(compileC("null.c"), "xdp_pass", objects),
  monitor: runner(sized(monitorObject()), "xdp_packet_monitor", objects),
  steering: runner(
    sized(withConfig(cpusObject(), { targets: TARGETS }), { TARGETS: TARGETS + 1, CPU_NUMBERS: TARGETS }),
    "xdp_steer",
    objects,
    addCpus,
  ),
  clang: twin(),
  "clang again": twin(),
};

const lines = [heading()];
for (const [path, packet] of Object.entries(PATHS)) {
  const times = new Comparison(programs, packet.paddedTo(60));
  lines.push("", path, ...times.lines());
  lines.push(
    `  over null ${times.beyond("steering", "null")} ns, over the monitor ${times.beyond("steering", "monitor")} ns; ` +
      `weir/clang ${times.ratio("steering", "clang")}, noise floor (clang again/clang) ${times.ratio("clang again", "clang")}`,
  );
}
process.stdout.write(`${lines.join("\n")}\n`);
