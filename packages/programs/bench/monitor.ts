/**
 * Nanoseconds per packet of the monitor, of its C twin (clang -O2, same maps, same algorithm) and of a program that only
 * passes packets, by test run on one CPU. The runs are interleaved; the twin loaded a second time is the noise floor.
 *
 * `npm run bench:monitor`, as root, with clang.
 */
import { presentCpus } from "@weir/kernel";
import { monitorObject, withFlowTables } from "../src/index.ts";
import { compileC } from "../test/twin/compile-c.ts";
import { Comparison, heading, PATHS, runner } from "./interleaved.ts";

using objects = new DisposableStack();
const sections = presentCpus();
const slots = 13_656;
const twin = () => runner(compileC("monitor.c", { SECTIONS: sections, SLOTS: slots }), "xdp_packet_monitor", objects);
const programs = {
  null: runner(compileC("null.c"), "xdp_pass", objects),
  weir: runner(withFlowTables(monitorObject(), { slots, sections }), "xdp_packet_monitor", objects),
  clang: twin(),
  "clang again": twin(),
};

const lines = [heading()];
for (const [path, packet] of Object.entries(PATHS)) {
  const times = new Comparison(programs, packet.paddedTo(60));
  lines.push("", path, ...times.lines());
  lines.push(
    `  over null ${times.beyond("weir", "null")} ns; weir/clang ${times.ratio("weir", "clang")}, ` +
      `noise floor (clang again/clang) ${times.ratio("clang again", "clang")}`,
  );
}
process.stdout.write(`${lines.join("\n")}\n`);
