/**
 * Nanoseconds per packet of a limit, by test run on one CPU: of a rule, and of sources, of which there are one or 131,072. The runs are
 * interleaved; the program that limits nothing, loaded a second time, is the noise floor.
 *
 * `node --conditions=source packages/programs/bench/limits.ts`, as root.
 */
import { fileURLToPath } from "node:url";
import { withConfig, withMapSizes } from "@weir/bytecode";
import { compile, formatDiagnostics } from "@weir/compiler";
import { ArrayMap } from "@weir/kernel";
import { ethernet } from "@weir/testing";
import { LIMIT_FLOW, LIMIT_RULE, LIMIT_SOURCE, LimitNumbers } from "../src/index.ts";
import { Comparison, heading, type Runner, runner } from "./interleaved.ts";

const BUCKETS = 65_536;
const MANY = 131_071;
/** Above it everything is dropped, or nothing is. */
const [DROPPING, PASSING] = [0n, 2n ** 62n];

const { object, diagnostics } = compile(fileURLToPath(new URL("limits.bpf.ts", import.meta.url)), { fixed: {} });
if (object === undefined) throw new Error(formatDiagnostics(diagnostics));
const spec = withMapSizes(object, { RULE_LIMITS: BUCKETS, RULE_COUNTS: 3 * 16 });

using objects = new DisposableStack();
function limited(per: number, sources: number, burst: bigint): Runner {
  const set = { stage: 1, sources, limit_buckets: BUCKETS, rule_slots: 16, sections: 2 };
  return runner(withConfig(spec, set), "limits", objects, (loaded) => {
    using table = ArrayMap.of(loaded.map("LIMITS"), { value: LimitNumbers });
    const mask = 0xffff_ffff;
    // 10 ms a packet: each of many sources has an entry of its own all the time.
    const costs = { packetCost: 10_000_000n, byteCost: 0n, burst };
    table.set(0, { ...costs, number: 1, per, place: 1, ipv4: mask, ipv6: [mask, mask, mask, mask] });
  });
}
const nothing = (sources: number) => runner(withConfig(spec, { stage: 0, sources }), "limits", objects);

const frame = ethernet().ipv4().udp().paddedTo(60);
const programs = {
  one: nothing(0),
  "one again": nothing(0),
  many: nothing(MANY),
  "per rule": limited(LIMIT_RULE, 0, PASSING),
  "per rule, above it": limited(LIMIT_RULE, 0, DROPPING),
  "per source, one": limited(LIMIT_SOURCE, 0, PASSING),
  "per source, one, above": limited(LIMIT_SOURCE, 0, DROPPING),
  "per flow, one": limited(LIMIT_FLOW, 0, PASSING),
  "per source, many": limited(LIMIT_SOURCE, MANY, PASSING),
};
const times = new Comparison(programs, frame);
const over = Object.keys(programs).map(
  (name) => `  ${name.padEnd(24)} ${times.beyond(name, name.includes("many") ? "many" : "one")}`,
);
process.stdout.write(
  `${[heading(), ...times.lines(), "ns over the program that limits nothing:", ...over].join("\n")}\n`,
);
