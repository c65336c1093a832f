/**
 * Nanoseconds per packet of one rule that logs or samples, over one that counts, by test run on one CPU: on packets that it matches, and on others.
 * The runs are interleaved; the rule that counts loaded a second time is the noise floor.
 *
 * `npm run bench:reports`, as root.
 */
import { parseRules } from "@weir/rules";
import { ethernet } from "@weir/testing";
import { Comparison, heading, type Runner, runnerOf } from "../../programs/bench/interleaved.ts";
import { loadMonitor } from "../src/monitor/load-monitor.ts";
import { newRules } from "../src/rules/new-rules.ts";

const TABLE = { connections: 1024, idle: 0n };
const BASE = "count";

const ACTIONS: Readonly<Record<string, string | object>> = {
  [BASE]: "count",
  "count again": "count",
  "sample, no capture": "sample",
  "log, above the rate": { log: { rate: "1/h", burst: 1 } },
  // Nobody reads: the buffer is full soon.
  "log, no room": { log: { rate: "10k/s", burst: 2 ** 32 } },
};

const PACKETS = {
  "a packet that the rule matches": ethernet().ipv4().udp({ destinationPort: 9 }),
  "another one": ethernet().ipv4().udp({ destinationPort: 10 }),
};

using objects = new DisposableStack();

function programFor(action: string | object): Runner {
  const text = JSON.stringify({ rules: [{ name: "rule", match: "udp and dst port 9", action }] });
  const rules = newRules({ rules: parseRules(text, "rules.json").rules }, undefined);
  return runnerOf(objects.use(loadMonitor({ table: TABLE, frags: false, rules })).program);
}

const programs = Object.fromEntries(Object.entries(ACTIONS).map(([name, action]) => [name, programFor(action)]));
const lines = [heading()];
for (const [what, packet] of Object.entries(PACKETS)) {
  const times = new Comparison(programs, packet.paddedTo(60));
  const over = Object.keys(ACTIONS).map((name) => `${name} ${times.beyond(name, BASE)}`);
  lines.push("", what, ...times.lines(), `  over ${BASE}, ns: ${over.join("; ")}`);
}
process.stdout.write(`${lines.join("\n")}\n`);
