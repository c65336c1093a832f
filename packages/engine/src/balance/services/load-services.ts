import { createHash } from "node:crypto";
import { type ObjectSpec, withConfig, withMapSizes } from "@weir/bytecode";
import { type BpfProgram, type LoadedObject, loadObject } from "@weir/kernel";
import { CONNECTIONS_PER_BUCKET, RING_BACKENDS, SERVICE_PROBES, servicesObject } from "@weir/programs";
import { type Clock, calibrateClock } from "../../monitor/clock.ts";
import { ownProgram } from "../../own-program.ts";
import { randomBytes } from "../../random-bytes.ts";
import { BalanceMaps } from "./balance-maps.ts";
import type { ServicesConfig } from "./services-config.ts";

const PROGRAM = "xdp_balance_services";
/** Slots of the table of services for each address and each service: sparse, so that searches are short. */
const SLOTS_PER_ENTRY = 4;
const FLOW_KEYS = 5;

/** How large a balancer's tables are, for as long as it runs. */
export interface BalanceSize {
  readonly services: number;
  readonly backends: number;
  /** Entries of a Maglev table. */
  readonly ring: number;
  readonly buckets: number;
}

/** A balancer in the kernel, not attached to anything yet. */
export interface LoadedServices extends Disposable {
  readonly object: LoadedObject;
  readonly program: BpfProgram;
  readonly maps: BalanceMaps;
  readonly size: BalanceSize;
  readonly time: ConnectionClock;
}

/** The time that connections are stamped with: ticks, shifted to about a second. */
export interface ConnectionClock {
  readonly shift: number;
  /** How long a connection may be silent, in the same unit. */
  readonly silence: number;
  /** The time now. */
  now(): number;
}

/** Room for twice what there is at the start, and for a few in any case. */
export function balanceSize(config: ServicesConfig): BalanceSize {
  const backends = config.services.reduce((sum, service) => sum + service.backends.length, 0);
  return {
    services: config.capacity.services ?? Math.max(16, 2 * config.services.length),
    backends: config.capacity.backends ?? Math.max(64, 2 * backends),
    ring: config.table,
    buckets: Math.ceil(config.connections.capacity / CONNECTIONS_PER_BUCKET),
  };
}

/** How the balancer's program is loaded. */
export interface LoadOptions {
  /** Whether frames may come in several buffers. */
  readonly frags: boolean;
  /** Of the interface: frames for others pass. */
  readonly hardwareAddress: string | undefined;
  /** Puts another object in the place of the balancer's, which has the same maps. */
  readonly change?: ((spec: ObjectSpec) => ObjectSpec) | undefined;
  /** The name of its program. */
  readonly program?: string | undefined;
}

/** Loads the balancer's program with tables of the size that a configuration asks for; they are empty. */
export function loadServices(
  config: ServicesConfig,
  { frags, hardwareAddress, change = (spec) => spec, program = PROGRAM }: LoadOptions,
): LoadedServices {
  using stack = new DisposableStack();
  const size = balanceSize(config);
  const time = connectionClock(config.connections.idle, calibrateClock());
  const object = stack.use(
    loadObject(change(withConfig(configured(config, size, time, frags), ownAddress(hardwareAddress)))),
  );
  const loaded = ownProgram(object, program, { frags });
  const maps = stack.use(new BalanceMaps(object));
  const resources = stack.move();
  return { object, program: loaded, maps, size, time, [Symbol.dispose]: () => resources[Symbol.dispose]() };
}

function configured({ seed }: ServicesConfig, size: BalanceSize, time: ConnectionClock, frags: boolean): ObjectSpec {
  const ringParts = Math.ceil(size.ring / RING_BACKENDS);
  const serviceSlots = Math.max(64, SLOTS_PER_ENTRY * 2 * size.services);
  const spec = withConfig(servicesObject(), {
    multi_buffer: frags ? 1 : 0,
    service_slots: serviceSlots,
    ring_size: size.ring,
    ring_parts: ringParts,
    buckets: size.buckets,
    time_shift: time.shift,
    silence: time.silence,
    ...flowKeys(seed),
  });
  const entries: Readonly<Record<string, number>> = {
    SERVICES: serviceSlots + SERVICE_PROBES,
    RINGS: ringParts * size.services,
    BACKENDS: size.backends,
    DELIVERIES: size.backends * 2,
    BACKEND_STATS: size.backends,
    SERVICE_STATS: size.services,
    CONNECTIONS: size.buckets,
  };
  return withMapSizes(spec, entries);
}

/** Ticks shifted until they are about a second long, and the idle time in that unit. */
function connectionClock(idle: number, { tick, base }: Clock): ConnectionClock {
  const shift = Math.max(0, Math.round(Math.log2(1e9 / Number(tick))));
  const unit = (Number(tick) * 2 ** shift) / 1e9;
  // Times have 16 bits; half of them can be told from the other half.
  const silence = Math.min(Math.max(1, Math.ceil(idle / unit)), 0x7fff);
  const ticks = () => BigInt.asUintN(64, process.hrtime.bigint() - base) / tick;
  return { shift, silence, now: () => Number((ticks() >> BigInt(shift)) & 0xffffn) };
}

/** As the words that a frame for it begins with. */
function ownAddress(text = "00:00:00:00:00:00"): { readonly own_first: number; readonly own_second: number } {
  const bytes = Buffer.from(text.replaceAll(":", ""), "hex");
  return { own_first: bytes.readUInt32LE(0), own_second: bytes.readUInt16LE(4) };
}

/** Odd factors of the hash of flows: from the seed, or random. */
function flowKeys(seed: string | undefined): Record<string, bigint> {
  const bytes = seed === undefined ? randomBytes(FLOW_KEYS * 8) : createHash("sha512").update(`weir ${seed}`).digest();
  const keys = Array.from({ length: FLOW_KEYS }, (_, index) => bytes.readBigUInt64LE(index * 8) | 1n);
  return Object.fromEntries(keys.map((key, index) => [`flow_key_${index}`, key]));
}
