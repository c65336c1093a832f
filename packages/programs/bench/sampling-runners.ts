import { type ObjectSpec, withConfig } from "@weir/bytecode";
import { ArrayMap, presentCpus } from "@weir/kernel";
import { monitorObject, SamplingRate, sampledMonitorObject, withFlowTables } from "../src/index.ts";
import { compileC } from "../test/twin/compile-c.ts";
import { type Runner, runner } from "./interleaved.ts";

const PROGRAM = "xdp_packet_monitor";
const SLOTS = 13_656;

/**
 * What the cost of sampling is measured by. "totals alone" is the twin in C without a flow table; nothing, or next to nothing, is
 * sampled where the name says so.
 */
export function samplingRunners(objects: DisposableStack): Record<string, Runner> {
  const sections = presentCpus();
  const sized = (spec: ObjectSpec) => withFlowTables(spec, { slots: SLOTS, sections });
  const sampled = (weight: bigint, sampleFlows: bigint): Runner => {
    const spec = withConfig(sampledMonitorObject(), { sample_flows: sampleFlows });
    return runner(sized(spec), PROGRAM, objects, (object) =>
      ArrayMap.of(object.map("SAMPLING"), { value: SamplingRate }).set(0, { weight }),
    );
  };
  const macros = { SECTIONS: sections, SLOTS };
  return {
    "does nothing": runner(compileC("null.c"), "xdp_pass", objects),
    "totals alone": runner(compileC("monitor.c", { ...macros, SAMPLING_BY: 3 }), PROGRAM, objects),
    "packets, none sampled": sampled(65_536n, 0n),
    "flows, none sampled": sampled(1n, 1n),
    "packets, all sampled": sampled(1n, 0n),
    "no sampling": runner(sized(monitorObject()), PROGRAM, objects),
  };
}
