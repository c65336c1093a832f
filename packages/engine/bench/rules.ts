/**
 * Nanoseconds per packet that rules add to the monitor, by test run on one CPU; what a rule that matches costs more when it has times;
 * and the CPU time that rules take to be made into a program and loaded. The runs are interleaved; the monitor loaded a second time
 * is the noise floor.
 *
 * `npm run bench:rules`, as root.
 */
import { ArrayMap, type LoadedObject, loadObject } from "@weir/kernel";
import { Random } from "@weir/laboratory";
import { monitorObject, RULE_DROP, RuleAction, RuleWindow } from "@weir/programs";
import { ethernet } from "@weir/testing";
import { Comparison, heading, PATHS, runner } from "../../programs/bench/interleaved.ts";
import { realisticExpressions } from "../../rules/test/fixtures/realistic-rules.ts";
import { filterSpec, PROGRAM, sized } from "./filter-spec.ts";

const TIMES = 7;

const SIMPLE = [
  "udp and dst port 53 and not src net 10.0.0.0/8",
  "src net 198.18.0.0/24",
  "tcp dst port 23",
  "icmp and src host 198.18.4.4",
  "src host 198.18.7.7 and tcp dst port 22",
];

/** One rule that drops every packet; with times, one that holds. */
const droppingAll = (isTimed: boolean) => filterSpec([""], { isTimed });

/** The one rule of a program. */
function fillRule(object: LoadedObject): void {
  using actions = ArrayMap.of(object.map("RULES"), { value: RuleAction });
  actions.set(0, { slot: 1, action: RULE_DROP });
  using windows = ArrayMap.of(object.map("RULE_WINDOWS"), { value: RuleWindow });
  windows.set(0, { from: 0n, until: 2n ** 64n - 1n });
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
  "5 rules": runner(filterSpec(SIMPLE), PROGRAM, objects),
  "100 rules": runner(filterSpec(mixed(100)), PROGRAM, objects),
  "1000 rules": runner(filterSpec(mixed(1000)), PROGRAM, objects),
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
const one = {
  "one rule": runner(droppingAll(false), PROGRAM, objects, fillRule),
  "one rule again": runner(droppingAll(false), PROGRAM, objects, fillRule),
  "with times": runner(droppingAll(true), PROGRAM, objects, fillRule),
};
const matching = new Comparison(one, PATHS["IPv4/TCP"]?.paddedTo(60) ?? new Uint8Array(60));
lines.push("", "a rule that drops all packets", ...matching.lines());
lines.push(
  `  over one rule, ns: ${["with times", "one rule again"].map((name) => `${name} ${matching.beyond(name, "one rule")}`).join("; ")}`,
);
for (const count of [5, 100, 1000]) {
  const expressions = mixed(count);
  const made = cpuTimes(() => void filterSpec(expressions));
  const spec = filterSpec(expressions);
  const loaded = cpuTimes(() => {
    using object = loadObject(spec);
    object.program(PROGRAM);
  });
  const text = (times: readonly number[]) => times.map((time) => time.toFixed(0)).join(" ");
  lines.push("", `${count} rules, ms of CPU: made ${text(made)}; loaded ${text(loaded)}`);
}
process.stdout.write(`${lines.join("\n")}\n`);
