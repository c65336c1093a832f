/**
 * Nanoseconds per packet that rules add to the monitor, by test run on one CPU;
 * and the CPU time that rules take to be made into a program and loaded. The runs are interleaved; the monitor loaded a second time
 * is the noise floor.
 *
 * `npm run bench:rules`, as root.
 */
import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { loadObject } from "@weir/kernel";
import { Random } from "@weir/laboratory";
import { Filter } from "@weir/pcap-filter";
import { filterObject, monitorObject } from "@weir/programs";
import { withRules } from "@weir/rules";
import { ethernet } from "@weir/testing";
import { Comparison, heading, PATHS, runner } from "../../programs/bench/interleaved.ts";
import { realisticExpressions } from "../../rules/test/fixtures/realistic-rules.ts";

const PROGRAM = "xdp_packet_monitor";
const SLOTS = 4096;
const SECTIONS = 2;
const VLAN = "through";
const TIMES = 7;

const SIMPLE = [
  "udp and dst port 53 and not src net 10.0.0.0/8",
  "src net 198.18.0.0/24",
  "tcp dst port 23",
  "icmp and src host 198.18.4.4",
  "src host 198.18.7.7 and tcp dst port 22",
];

function filtering(expressions: readonly string[]): ObjectSpec {
  const rules = expressions.map((one) => ({ meaning: new Filter(one, { vlan: VLAN }).meaning, decides: true }));
  const made = withRules({ object: filterObject(), program: PROGRAM, vlan: VLAN }, rules);
  const sizes = { RULES: rules.length, RULE_COUNTS: (SECTIONS + 1) * SLOTS };
  return sized(withConfig(withMapSizes(made, sizes), { rule_slots: SLOTS }));
}

function sized(object: ObjectSpec): ObjectSpec {
  const slots = 13_654;
  const tables = { XDP_CONN_STATS: SECTIONS * slots, XDP_CONN6_STATS: SECTIONS * slots };
  return withMapSizes(withConfig(object, { sections: SECTIONS, slots }), tables);
}

/** Milliseconds of CPU that a thing took each time. */
function cpuTimes(act: () => void): readonly number[] {
  return Array.from({ length: TIMES }, () => {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
}

using objects = new DisposableStack();
const mixed = (count: number) => realisticExpressions(count, new Random(1));
const programs = {
  monitor: runner(sized(monitorObject()), PROGRAM, objects),
  "monitor again": runner(sized(monitorObject()), PROGRAM, objects),
  "5 rules": runner(filtering(SIMPLE), PROGRAM, objects),
  "100 rules": runner(filtering(mixed(100)), PROGRAM, objects),
  "1000 rules": runner(filtering(mixed(1000)), PROGRAM, objects),
};
const lines = [heading()];
const paths = { ...PATHS, ICMP: ethernet().ipv4().icmp() };
for (const [path, packet] of Object.entries(paths)) {
  const times = new Comparison(programs, packet.paddedTo(60));
  const over = ["5 rules", "100 rules", "1000 rules", "monitor again"].map(
    (name) => `${name} ${times.beyond(name, "monitor")}`,
  );
  lines.push("", path, ...times.lines());
  lines.push(`  over the monitor, ns: ${over.join("; ")}`);
}
for (const count of [5, 100, 1000]) {
  const expressions = mixed(count);
  const made = cpuTimes(() => void filtering(expressions));
  const spec = filtering(expressions);
  const loaded = cpuTimes(() => {
    using object = loadObject(spec);
    object.program(PROGRAM);
  });
  const text = (times: readonly number[]) => times.map((time) => time.toFixed(0)).join(" ");
  lines.push("", `${count} rules, ms of CPU: made ${text(made)}; loaded ${text(loaded)}`);
}
process.stdout.write(`${lines.join("\n")}\n`);
