import { readFileSync } from "node:fs";
import { requireRoot, requireTool } from "@weir/testing";
import { afterAll, beforeAll, describe, test } from "vitest";
import { watch } from "../../src/index.ts";
import { expectTruth } from "../expect-truth.ts";
import { missingCaptures, pathOf, type RealCapture, realCaptures } from "../real-captures.ts";
import { type WatchedVeth, watchedVeth } from "./watched-veth.ts";

const LONGEST = 1514;
const SHORTEST = 14;
/** Few enough to be quick. */
const MOST_FRAMES = 1000;
/** Slow enough for a busy machine: a veth drops what its receiver does not take in time. */
const PER_SECOND = 20_000;

/** Has a record whose original length is 0, at which tcpreplay stops. */
const REFUSED = "pcaps/tcpdump__rsvp-rsvp_obj_print-oobr.pcap";

/** Captures that tcpreplay sends and a veth carries whole. */
function isSendable(capture: RealCapture): boolean {
  const { libpcap_reads, min_frame, max_frame, counters } = capture;
  const { frames = 0 } = counters;
  const fits = min_frame >= SHORTEST && max_frame <= LONGEST && frames <= MOST_FRAMES;
  return libpcap_reads && capture.file !== REFUSED && fits && max_frame <= snapLength(capture);
}

/** tcpreplay cuts frames that are longer than their file says they can be. The formats but one have large numbers there. */
function snapLength(capture: RealCapture): number {
  return readFileSync(pathOf(capture)).readUInt32LE(16);
}

const absent = requireRoot() ?? requireTool("tcpreplay") ?? missingCaptures();
const captures = realCaptures().filter(isSendable);

describe.skipIf(absent).each(["drv", "skb"] as const)(
  "a real capture that comes in on an interface, in mode %s",
  (mode) => {
    let veth: WatchedVeth;
    beforeAll(() => {
      // Without addresses the kernel sends nothing of its own.
      veth = watchedVeth({ addresses: false });
    });
    afterAll(() => veth[Symbol.dispose]());

    test.each(captures.map((capture) => [capture.file, capture] as const))("%s", (_, capture) => {
      using monitor = veth.inside(() => watch(veth.name, { mode }));
      veth.sender.run("tcpreplay", ["--quiet", `--pps=${PER_SECOND}`, "--intf1=veth0", pathOf(capture)]);
      const [snapshot] = monitor.snapshot();
      if (snapshot === undefined) throw new Error("there is no snapshot");
      expectTruth(snapshot, capture);
    });
  },
);
