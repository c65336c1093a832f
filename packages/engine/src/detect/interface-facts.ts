import {
  channels,
  deviceFeatures,
  driverInfo,
  driverSupport,
  findInterface,
  findLinked,
  type HeldId,
  type Holders,
  type NetworkInterface,
  pageSize,
  portsOf,
  rings,
  SINGLE_BUFFER_MTU_SOURCE,
  transmitQueuesInUse,
  upperInterfaces,
  xdpCapabilities,
} from "@weir/kernel";
import { attachedPrograms } from "./attached-programs.ts";
import type { Offload, Unanswered } from "./detection.ts";
import { Questions } from "./questions.ts";
import type { FoundInterface, Surroundings } from "./recommendation.ts";
import type { StackedInterface } from "./stacking.ts";
import { xdpSupport } from "./xdp-support.ts";

/** Offloads that decide what a program gets to see, or whether it can be attached. */
const OFFLOADS = [
  "rx-lro",
  "rx-gro-hw",
  "rx-gro",
  "rx-vlan-hw-parse",
  "rx-checksum",
  "rx-udp-gro-forwarding",
  "hw-tc-offload",
];

/** The link type of interfaces without a header before the IP header, `linux/if_arp.h`: ARPHRD_NONE. */
const NO_HEADER = 65_534;

/** All that is known of an interface. Nothing is changed. @throws {KernelError} `WEIR_NO_INTERFACE` when it goes meanwhile */
export function findFacts(
  target: NetworkInterface,
  release: string,
  holdersOf: (id: HeldId) => Holders,
): FoundInterface {
  const { index, name, lower, peer } = target;
  const questions = new Questions();
  const { unanswered } = questions;
  const driver = questions.ask("driver", () => driverInfo(name));
  const capabilities = questions.ask("xdp", () => xdpCapabilities(index));
  const found = {
    channels: questions.ask("channels", () => channels(index)),
    rings: questions.ask("rings", () => rings(index)),
    offloads: questions.ask("offloads", () => offloadsOf(index)),
  };
  // One that has gone answers nothing, which says nothing of it.
  if (unanswered.length > 0) findInterface(index);
  // What is known is for pages of 4 KiB.
  const singleBufferMtu = driver && pageSize() === 4096 ? driverSupport(driver.name)?.singleBufferMtu : undefined;
  const xdp = xdpSupport(capabilities, tableName(target, driver?.name), release, refusedXdp(unanswered));
  return {
    index,
    name,
    kind: kindOf(target),
    hardwareAddress: target.hardwareAddress,
    mtu: target.mtu,
    up: target.up,
    carrier: target.carrier,
    operationalState: target.operationalState,
    linkType: target.linkType,
    ethernet: target.ethernet,
    master: target.master,
    lower,
    peer,
    vlanId: target.vlanId,
    parent: target.parent,
    driver,
    xdp,
    singleBufferMtu,
    singleBufferMtuSource: singleBufferMtu === undefined ? undefined : SINGLE_BUFFER_MTU_SOURCE,
    fragsMtu: xdp.frags.answer === "yes" ? target.largestMtu : undefined,
    receiveQueues: target.receiveQueues,
    transmitQueues: target.transmitQueues,
    ...found,
    unanswered: unanswered.length === 0 ? undefined : unanswered,
    attached: attachedPrograms(target, holdersOf),
  };
}

/**
 * @param cpus that are online
 * @param all interfaces of this network namespace
 */
export function surroundingsOf(target: NetworkInterface, cpus: number, all: NetworkInterface[]): Surroundings {
  const { lower, peer, master } = target;
  const other = findLinked(peer);
  const inUse = other && new Questions().ask("channels", () => transmitQueuesInUse(other));
  const uppers = upperInterfaces(target, all);
  const found = uppers.find(({ index }) => index === master);
  return {
    cpus,
    lowerName: findLinked(lower)?.name,
    peerFacts: other && { name: other.name, transmitQueues: inUse ?? other.transmitQueues },
    stacking: {
      master: found && stacked(found),
      uppers: uppers.map(stacked),
      ports: portsOf(target, all).map(stacked),
    },
  };
}

const stacked = ({ name, kind, xdp }: NetworkInterface): StackedInterface => ({
  name,
  kind,
  occupied: xdp.length > 0,
});

const refusedXdp = (unanswered: readonly Unanswered[]): string | undefined =>
  unanswered.find(({ question }) => question === "xdp")?.reason;

/** VLANs and lo have no name of a driver, or one that is a sentence. */
function tableName({ kind, name }: NetworkInterface, driver: string | undefined): string | undefined {
  if (kind === "vlan") return "8021q";
  return name === "lo" ? "lo" : driver;
}

function kindOf({ kind, linkType, parent, name }: NetworkInterface): string {
  // The kernel calls both sorts of it tun.
  if (kind === "tun") return linkType === NO_HEADER ? "tun" : "tap";
  if (kind !== undefined) return kind;
  if (name === "lo") return "loopback";
  return parent === undefined ? "virtual" : "physical";
}

function offloadsOf(index: number): Offload[] | undefined {
  const features = deviceFeatures(index);
  return (
    features &&
    OFFLOADS.map((name) => ({
      name,
      active: features.active.has(name),
      changeable: features.changeable.has(name),
    }))
  );
}
