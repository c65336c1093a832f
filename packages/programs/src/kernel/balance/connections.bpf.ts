/**
 * Which backend a flow has. The table of connections is shared by all CPUs, since a flow may come to another one at any time; a
 * connection is one word, so that it is never seen half written. When two CPUs write the same place at once, one connection is
 * not remembered: its next packet is.
 */
import type { u32, u64, Value } from "@weir/bytecode/layout";
import { jiffies } from "@weir/compiler/language";
import {
  BACKEND_ACTIVE,
  BACKEND_DRAINING,
  type Backend,
  CONNECTIONS_PER_BUCKET,
  type ConnectionBucket,
  RING_BACKENDS,
  STAMPED_SINCE,
} from "../../records/balance.ts";
import { mix } from "../mix.bpf.ts";
import { BACKEND_STATS, BACKENDS, CONNECTIONS, RINGS, SERVICE_STATS } from "./maps.bpf.ts";
import { buckets, flowKey2, ringParts, ringSize, silence, timeShift } from "./settings.bpf.ts";

/**
 * What a packet is to its flow: the SYN and ACK flags of TCP, of which SYN alone begins a connection, or one bit more for what is
 * about the flow and not of it, an ICMP error. Not two truths, so that the verifier has nothing to tell apart.
 */
export const FLOW_FLAGS = 0x12;
const BEGINS_FLOW = 0x02;
export const PART_OF_FLOW = 0x10;
export const ABOUT_FLOW = 0x100;
export const KIND_MASK = 0x112;

const WAYS_MASK = CONNECTIONS_PER_BUCKET - 1;

type Bucket = Value<typeof ConnectionBucket>;

/** The time as connections have it. */
export function connectionTime(): u32 {
  return ((jiffies() >> timeShift) as u32) & 0xffff;
}

function word(tag: u32, backend: u32, time: u32): u64 {
  return ((tag as u64) << 32) | ((backend as u64) << 16) | time;
}

/** The backend that the Maglev table has for a hash. */
function ringBackend(service: u32, hash: u32): Value<typeof Backend> | null {
  const place: u32 = (((hash as u64) * ringSize) >> 32) as u32;
  const part = RINGS.lookup(service * ringParts + place / RING_BACKENDS);
  if (part === null) return null;
  // 0 is no backend, and no element has the number before it.
  return BACKENDS.lookup((part.backends[place & (RING_BACKENDS - 1)] as u32) - 1);
}

/** A backend, if it takes another packet of a flow that it has. */
function keeping(number: u32, service: u32, kind: u32): Value<typeof Backend> | null {
  const backend = BACKENDS.lookup(number);
  if (backend === null || backend.service !== service) return null;
  if (backend.state === BACKEND_ACTIVE) return backend;
  return backend.state === BACKEND_DRAINING && kind !== BEGINS_FLOW ? backend : null;
}

/** A place for a new connection: free, or its connection is silent. */
function freeWay(bucket: Bucket, first: u32, time: u32): u32 {
  for (let way: u32 = 0; way < CONNECTIONS_PER_BUCKET; way++) {
    const at = (first + way) & WAYS_MASK;
    const known = bucket.connections[at];
    const age = (time - (known as u32)) & 0xffff;
    // Another CPU may have stamped it a moment later than this one has looked at the clock.
    if (known === 0 || (age > silence && age < STAMPED_SINCE)) return at;
  }
  return CONNECTIONS_PER_BUCKET;
}

function countNew(backend: u32): void {
  const stats = BACKEND_STATS.lookup(backend);
  if (stats !== null) stats.new_flows += 1;
}

function countMoved(service: u32): void {
  const stats = SERVICE_STATS.lookup(service);
  if (stats !== null) stats.moved += 1;
}

function countFull(service: u32): void {
  const stats = SERVICE_STATS.lookup(service);
  if (stats !== null) stats.table_full += 1;
}

/**
 * The backend of a packet's flow, which is remembered from now on; null when there is none.
 *
 * @param hash of the flow: different for each, but not mixed
 */
export function backendOf(service: u32, hash: u64, kind: u32): Value<typeof Backend> | null {
  // The half that finds the line finds the backend too: flows of one line mostly have the same one, on which nothing depends.
  const mixed = mix(hash, flowKey2);
  const bucket = CONNECTIONS.lookup((((mixed >> 32) * buckets) >> 32) as u32);
  if (bucket === null) return null;
  const tag = mixed as u32;
  const first = tag & WAYS_MASK;
  const time = connectionTime();
  let place: u32 = CONNECTIONS_PER_BUCKET;
  for (let way: u32 = 0; way < CONNECTIONS_PER_BUCKET; way++) {
    const at = (first + way) & WAYS_MASK;
    const known = bucket.connections[at];
    if (((known >> 32) as u32) !== tag) continue;
    const number = ((known >> 16) as u32) & 0xffff;
    const backend = keeping(number, service, kind);
    if (backend !== null) {
      // Written once a second at most, so that the CPUs seldom take the line from each other.
      if (kind !== ABOUT_FLOW && ((known as u32) & 0xffff) !== time) bucket.connections[at] = word(tag, number, time);
      return backend;
    }
    if (kind !== ABOUT_FLOW) countMoved(service);
    place = at;
    break;
  }
  const backend = ringBackend(service, (mixed >> 32) as u32);
  if (backend === null || kind === ABOUT_FLOW) return backend;
  if (place === CONNECTIONS_PER_BUCKET) place = freeWay(bucket, first, time);
  if (place === CONNECTIONS_PER_BUCKET) {
    countFull(service);
    if (kind === BEGINS_FLOW) countNew(backend.number);
    return backend;
  }
  bucket.connections[place & WAYS_MASK] = word(tag, backend.number, time);
  countNew(backend.number);
  return backend;
}
