import { kernelVersion } from "@weir/bytecode";
import {
  Answer,
  type DriverSupport,
  driverSource,
  driverSupport,
  type XdpCapabilities,
  type XdpFeature,
} from "@weir/kernel";
import type { XdpSupport } from "./detection.ts";
import { BOND_TERMS } from "./stacking.ts";

/** Why there are no capabilities, unless the kernel refused to tell. */
const OLD = "a kernel before Linux 6.3 does not tell";

/**
 * What an interface can do with XDP: as the kernel says, else as the table of drivers does.
 *
 * @param release of the kernel, as `uname -r` has it
 * @param untold why there are no capabilities, as a clause
 */
export function xdpSupport(
  capabilities: XdpCapabilities | undefined,
  driver: string | undefined,
  release: string,
  untold = OLD,
): XdpSupport {
  if (capabilities !== undefined) return fromKernel(capabilities);
  const known = driver === undefined ? undefined : driverSupport(driver);
  return known === undefined ? notKnown(driver, untold) : fromTable(known, release, untold);
}

function fromKernel({ features, zeroCopySegments, metadata, socketFeatures }: XdpCapabilities): XdpSupport {
  const has = (feature: XdpFeature, what: string): Answer =>
    features.has(feature) ? Answer.yes : Answer.no(`the driver does not ${what}, says the kernel`);
  return {
    source: "kernel",
    citation: undefined,
    native: has("basic", "run XDP programs"),
    redirect: has("redirect", "redirect"),
    redirectTarget: has("ndo-xmit", "take redirected frames now"),
    redirectTargetFrags: has("ndo-xmit-sg", "take redirected frames in several buffers now"),
    frags: has("rx-sg", "give programs frames in several buffers"),
    zeroCopy: has("xsk-zerocopy", "have zero-copy sockets"),
    zeroCopySegments,
    offload: has("hw-offload", "run programs on the card"),
    metadata: metadata && [...metadata],
    socketFeatures: socketFeatures && [...socketFeatures],
  };
}

function fromTable(known: DriverSupport, release: string, untold: string): XdpSupport {
  const since = (version: string | undefined, what: string): Answer => {
    if (version === undefined) return Answer.no(`${known.driver} has no ${what}, as far as is known`);
    if (kernelVersion(release) < kernelVersion(version)) {
      return Answer.no(`${known.driver} has ${what} since Linux ${version}`);
    }
    return known.dependsOnPorts ? Answer.unknown(`${untold}, and ${BOND_TERMS}`) : Answer.yes;
  };
  return {
    source: "table",
    citation: driverSource(known),
    native: since(known.native, "native XDP"),
    redirect: since(known.redirect, "redirect"),
    // What frames can be redirected to changes with its settings, which no table has.
    redirectTarget: Answer.unknown(untold),
    redirectTargetFrags: Answer.unknown(untold),
    frags: since(known.frags, "frames in several buffers"),
    zeroCopy: since(known.zeroCopy, "zero-copy sockets"),
    zeroCopySegments: undefined,
    offload: since(known.offload, "offload"),
    metadata: undefined,
    socketFeatures: undefined,
  };
}

function notKnown(driver: string | undefined, untold: string): XdpSupport {
  const which = driver === undefined ? "the driver does not tell its name" : `driver ${driver} is not in weir's table`;
  const answer = Answer.unknown(`${untold}, and ${which}`);
  return {
    source: "unknown",
    citation: undefined,
    native: answer,
    redirect: answer,
    redirectTarget: answer,
    redirectTargetFrags: answer,
    frags: answer,
    zeroCopy: answer,
    zeroCopySegments: undefined,
    offload: answer,
    metadata: undefined,
    socketFeatures: undefined,
  };
}
