import { requirePath, requireRoot, requireTool } from "@weir/laboratory";
import { expect, test } from "vitest";
import { DIST, startUpCost } from "../../bench/start-up-cost.ts";
import { linkText, network, WATCHED } from "../end-to-end/network.ts";

const MOST_RUNS = 20;
/** CPU time from the start of the process to the attached program, as a multiple of a Node's that does nothing. It is 5.3. */
const BUDGET = 6.8;

const missing =
  requireRoot() ?? requireTool("ip", "nsenter") ?? requirePath(`${DIST}engine.bundle.cjs`, "npm run build");

test.skipIf(missing)("weir is attached within its budget of CPU time", async () => {
  using net = network();
  let [bare, attached] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  // The least of several runs is what it takes; what is above that, other processes on the same cores have caused.
  for (let run = 0; run < MOST_RUNS && !(attached / bare < BUDGET); run++) {
    const cost = await startUpCost(net.near, WATCHED, () => linkText(net.near).includes("xdp"));
    bare = Math.min(bare, cost.bare);
    attached = Math.min(attached, cost.attached);
  }
  expect(attached / bare).toBeLessThan(BUDGET);
});
