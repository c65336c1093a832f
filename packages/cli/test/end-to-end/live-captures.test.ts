import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type FrameTruth,
  frameTruths,
  missingCaptures,
  type RealCapture,
  realCaptures,
  requireRoot,
  requireTool,
  type Truth,
  truthOfFrames,
} from "@weir/laboratory";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Network, network, WATCHED } from "./network.ts";
import { countsIn, growth, type PrintedCounts } from "./printed-counts.ts";
import { RunningWeir } from "./weir.ts";

const ETHERNET_HEADER = 14;
const VLAN_TAG = 4;
/** The usual one, and the largest of a veth. */
const [MTU, JUMBO_MTU] = [1500, 65_535];
/** Milliseconds until frames that were sent have to be counted, on a busy machine. */
const PATIENCE = 5000;
/** How many captures tcpreplay can send as they are; a few are refused or cut by it. */
const SENDABLE = 63;

const absent = requireRoot() ?? requireTool("ip", "nsenter", "tcpreplay") ?? missingCaptures();
const captures = realCaptures().filter((capture) => isReplayable(capture, frameTruths(capture)));
const jumbo = captures.filter((capture) => frameTruths(capture).some((frame) => !isSendable(frame, MTU)));

describe.skipIf(absent).each([
  ["drv", MTU, captures],
  ["skb", MTU, captures],
  ["drv", JUMBO_MTU, jumbo],
  ["skb", JUMBO_MTU, jumbo],
] as const)("a real capture that comes in on an interface, in mode %s with an MTU of %d", (mode, mtu, sent) => {
  let net: Network;
  let watch: RunningWeir;
  let before: Truth = { counters: {}, connections: {} };

  beforeAll(async () => {
    net = network({ quiet: true, mtu });
    const often = ["--interval", "0.05", "--idle", "3600"];
    watch = new RunningWeir(["watch", WATCHED, "--mode", mode, "--json", ...often], net.near);
    await watch.started();
  });
  afterAll(() => {
    watch?.[Symbol.dispose]();
    net?.[Symbol.dispose]();
  });

  test.each(sent.map((capture) => [capture.name, capture] as const))("%s", async (_, capture) => {
    const frames = frameTruths(capture);
    const sendable = frames.filter((frame) => isSendable(frame, mtu));
    const refused = send(net, capture);
    const after = await countedSoon(watch, (before.counters.frames ?? 0) + sendable.length);
    const counted = growth(before, after);
    before = after;
    expect(refused).toBe(frames.length - sendable.length);
    expect(counted).toEqual(truthOfFrames(sendable));
  });
});

test.skipIf(absent)("tcpreplay can send nearly all real captures", () => {
  expect(captures).toHaveLength(SENDABLE);
});

/** Whether tcpreplay sends the frames as they are in the file. */
function isReplayable({ path, format, libpcapReads }: RealCapture, frames: readonly FrameTruth[]): boolean {
  if (!libpcapReads) return false;
  const header = readFileSync(path);
  // libpcap cuts frames that are longer than a pcap file says they can be.
  const limit = format.startsWith("pcap-le")
    ? header.readUInt32LE(16)
    : format.startsWith("pcap-be")
      ? header.readUInt32BE(16)
      : Number.POSITIVE_INFINITY;
  // It stops at a frame that was empty on the wire.
  return frames.every(({ length, originalLength }) => length <= limit && originalLength > 0);
}

/** Whether the kernel takes a frame from tcpreplay. A VLAN tag may come on top of the MTU, but only one. */
function isSendable({ length, vlanTags }: FrameTruth, mtu: number): boolean {
  return length >= ETHERNET_HEADER && length <= mtu + ETHERNET_HEADER + (vlanTags > 0 ? VLAN_TAG : 0);
}

/**
 * Sends a capture from the far end, and gives how many frames the kernel refused. Each frame goes through the veth, on the
 * sender's CPU, before the next is sent: so none gets lost at any speed. Tags stay inside of frames that are sent like this.
 */
function send({ far }: Network, { path }: RealCapture): number {
  const { code, stderr } = far.try("tcpreplay", ["--topspeed", `--intf1=${WATCHED}`, path]);
  expect(code).toBe(0);
  return stderr.match(/Unable to send packet/g)?.length ?? 0;
}

/** What is counted when so many frames are, or when they should have been for long. */
async function countedSoon(watch: RunningWeir, frames: number): Promise<Truth> {
  const start = Date.now();
  for (;;) {
    await sleep(10);
    const printed: PrintedCounts & { readonly time: string } = JSON.parse(watch.lastLine());
    const isComplete = Date.parse(printed.time) >= start && printed.counters.frames === frames;
    if (isComplete || Date.now() > start + PATIENCE) return countsIn(printed);
    const { exitCode, signalCode } = watch.process;
    if ((exitCode ?? signalCode) !== null) throw new Error(`weir watch has ended: ${watch.stderr}`);
  }
}
