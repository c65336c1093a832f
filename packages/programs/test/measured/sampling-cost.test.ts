import { requireRoot, requireTool } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { expect, test } from "vitest";
import { Comparison } from "../../bench/interleaved.ts";
import { samplingRunners } from "../../bench/sampling-runners.ts";

const MOST_RUNS = 5;
/** Nanoseconds over a program that counts totals and nothing else, and what part of that where the processor is slow. */
const MOST = 4;
const MOST_OF_TOTALS = 1 / 6;

const frames = {
  "IPv4/TCP": ethernet().ipv4().tcp().paddedTo(60),
  "IPv6/UDP": ethernet().ipv6().udp().paddedTo(62),
};

test.skipIf(requireRoot() ?? requireTool("clang")).each(Object.entries(frames))(
  "a packet that is not sampled costs next to nothing: %s",
  (_, frame) => {
    using objects = new DisposableStack();
    const {
      "totals alone": totals,
      "packets, none sampled": packets,
      "flows, none sampled": flows,
    } = samplingRunners(objects);
    if (totals === undefined || packets === undefined || flows === undefined) throw new Error("a program is missing");
    // What is above the least of several runs, other processes on the same cores have caused.
    let [packetCost, flowCost, most] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, MOST];
    for (let run = 0; run < MOST_RUNS && !(packetCost <= most && flowCost <= most); run++) {
      const times = new Comparison({ totals, packets, flows }, frame);
      most = Math.max(MOST, times.median("totals") * MOST_OF_TOTALS);
      packetCost = Math.min(packetCost, Number(times.beyond("packets", "totals")));
      flowCost = Math.min(flowCost, Number(times.beyond("flows", "totals")));
    }
    expect(packetCost).toBeLessThanOrEqual(most);
    expect(flowCost).toBeLessThanOrEqual(most);
  },
);
