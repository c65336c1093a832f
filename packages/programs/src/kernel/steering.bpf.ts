/**
 * The steering stage: where the flow of a packet is known, another CPU or interface is chosen for it by hash. It is compiled in
 * or out (`--set steering=…`), since it has maps of its own.
 */
import { type i64, u8, u32, type u64, type Value } from "@weir/bytecode/layout";
import { arrayMap, config, cpuMap, deviceMap, perCpuArrayMap, XDP_PASS } from "@weir/compiler/language";
import type { Ipv6Header } from "../records/ip.ts";
import { CpuNumber, STEERING_OFF, STEERING_TO_CPUS, STEERING_TO_DEVICES, SteeredFrames } from "../records/steering.ts";
import { mix } from "./mix.bpf.ts";
import { key0, key1, key2, key3, key4 } from "./settings.bpf.ts";

const steering = config("steering", u8, STEERING_OFF);
/** Whether each frame goes to all interfaces, so that no target is chosen. */
export const mirror = config("mirror", u8, 0);
/** How many targets there are. */
const targets = config("targets", u32, 1);

export const TARGETS = perCpuArrayMap({ value: SteeredFrames, maxEntries: 2 });
export const CPUS = cpuMap({ maxEntries: 1 });
export const CPU_NUMBERS = arrayMap({ value: CpuNumber, maxEntries: 1 });
export const DEVICES = deviceMap({ maxEntries: 1 });

/** The half of a hash by which its 48 upper bits are left: those depend on all bits that were hashed. */
const UPPER = 16;

/**
 * The hash of two numbers of at most 48 bits, the same in either order: the smaller one first, found without a branch that would go
 * another way for each direction of a connection. Multiply-shift with random factors, as the flow table's, but mixed: ports that follow
 * each other would go to one target.
 */
function pairHash(one: u64, other: u64, factor: u64, otherFactor: u64): u32 {
  const difference = one - other;
  const negative = ((difference as i64) >> 63) as u64;
  const smaller = other + (difference & negative);
  const larger = one - (difference & negative);
  const sum = smaller * factor + larger * otherFactor;
  return (mix(sum, key2) >> 32) as u32;
}

/** What sends a frame to the target that the hash points at, or `XDP_PASS`. */
function toTarget(hash: u32, length: u32): u32 {
  const index = (((hash as u64) * targets) >> 32) as u32;
  const target = TARGETS.lookup(index + 1);
  if (target === null) return XDP_PASS;
  let verdict: u32 = XDP_PASS;
  if (steering === STEERING_TO_CPUS) {
    const cpu = CPU_NUMBERS.lookup(index);
    if (cpu !== null) verdict = CPUS.redirect(cpu.number, XDP_PASS);
  } else if (steering === STEERING_TO_DEVICES) {
    verdict = DEVICES.redirect(index, XDP_PASS);
  }
  if (verdict === XDP_PASS) {
    target.absent += 1;
  } else {
    target.packets += 1;
    target.bytes += length;
  }
  return verdict;
}

/**
 * The verdict on an IPv4 packet. Both directions of a connection have the same target, and so have all fragments of a datagram, for
 * which only the addresses count: later ones carry no ports.
 */
export function steer(addresses: u64, ends: u64, fragmented: boolean, length: u32): u32 {
  if (steering === STEERING_OFF || mirror !== 0) return XDP_PASS;
  const ports: u64 = fragmented ? 0 : ends & 0xffff_ffff;
  const source = ((addresses & 0xffff_ffff) << 16) | (ports & 0xffff);
  const destination = ((addresses >> 32) << 16) | (ports >> 16);
  return toTarget(pairHash(source, destination, key0, key1), length);
}

/** Whether first fragments are told from other packets. */
export function steersFragments(): boolean {
  return steering !== STEERING_OFF && mirror === 0;
}

/** The verdict on an IPv6 packet. */
export function steer6(ip: Value<typeof Ipv6Header>, ends: u64, fragmented: boolean, length: u32): u32 {
  if (steering === STEERING_OFF || mirror !== 0) return XDP_PASS;
  const ports: u64 = fragmented ? 0 : ends & 0xffff_ffff;
  const source = (ip.sourceHigh * key0 + ip.sourceLow * key2 + (ports & 0xffff) * key1) >> UPPER;
  const destination = (ip.destinationHigh * key0 + ip.destinationLow * key2 + (ports >> 16) * key1) >> UPPER;
  return toTarget(pairHash(source, destination, key3, key4), length);
}
