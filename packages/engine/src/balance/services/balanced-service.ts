import { RING_BACKENDS } from "@weir/programs";
import { since } from "../../per-cpu-sums.ts";
import type { BackendSlots } from "./backend-slots.ts";
import type { BalanceMaps } from "./balance-maps.ts";
import type { ServiceSnapshot } from "./balance-snapshot.ts";
import { BalancedBackend } from "./balanced-backend.ts";
import { type IpAddress, knownAddress } from "./ip-address.ts";
import { type MaglevBackend, maglevTable } from "./maglev.ts";
import type { ServiceConfig } from "./services-config.ts";

/** What tells services apart: they may change everything else while they run. */
export const placeOf = ({ protocol, port }: ServiceConfig, { key }: IpAddress): string => `${key} ${protocol} ${port}`;

/** A service in the kernel's tables, with its backends. */
export class BalancedService {
  readonly number: number;
  readonly address: IpAddress;
  config: ServiceConfig;
  readonly backends = new Map<string, BalancedBackend>();
  readonly #maps: BalanceMaps;
  readonly #slots: BackendSlots;
  readonly #ring: number;
  readonly #before: ReturnType<BalanceMaps["serviceStats"]>;
  /** What backends have counted that are gone. */
  #gone = { packets: 0n, bytes: 0n, new_flows: 0n, failed: 0n };
  /** What the Maglev table was made from. */
  #made = "";

  constructor(number: number, config: ServiceConfig, maps: BalanceMaps, slots: BackendSlots, ring: number) {
    this.number = number;
    this.config = config;
    this.address = knownAddress(config.address);
    this.#maps = maps;
    this.#slots = slots;
    this.#ring = ring;
    this.#before = maps.serviceStats(number);
    this.#addBackends(config);
    this.#clearRing();
  }

  get place(): string {
    return placeOf(this.config, this.address);
  }

  /** Takes over another configuration: backends that stay keep their number, their flows and what they have counted. */
  change(config: ServiceConfig): void {
    const kept = new Set(config.backends.map(({ address }) => knownAddress(address).key));
    const gone = [...this.backends].filter(([key]) => !kept.has(key));
    for (const [key] of gone) this.backends.delete(key);
    this.config = config;
    this.#addBackends(config);
    // First nothing leads to them any more, then they are nobody.
    this.update();
    for (const [, backend] of gone) this.#release(backend);
  }

  /** Brings the states of the backends, and the Maglev table that follows from them, into the kernel's tables. */
  update(): void {
    const backends = [...this.backends.values()];
    // A backend must be able to take flows before it is given some.
    for (const backend of backends) {
      if (backend.state === "up") this.#slots.setState(backend.number, backend.kernelState);
    }
    this.#writeRing(backends);
    for (const backend of backends) this.#slots.setState(backend.number, backend.kernelState);
  }

  /** Everything goes: no entry leads here any more. */
  remove(): void {
    this.#clearRing();
    for (const backend of this.backends.values()) this.#release(backend);
    this.backends.clear();
  }

  snapshot(flowsOf: (backend: number) => number): ServiceSnapshot {
    const backends = [...this.backends.values()].map((backend) => backend.snapshot(flowsOf(backend.number)));
    const events = since(this.#maps.serviceStats(this.number), this.#before);
    const { name, address, protocol, port, delivery } = this.config;
    return {
      name,
      address,
      protocol,
      port,
      delivery,
      packets: backends.reduce((sum, { packets }) => sum + packets, this.#gone.packets),
      bytes: backends.reduce((sum, { bytes }) => sum + bytes, this.#gone.bytes),
      flows: backends.reduce((sum, { flows }) => sum + flows, 0),
      newFlows: backends.reduce((sum, { newFlows }) => sum + newFlows, this.#gone.new_flows),
      failedChecks: backends.reduce((sum, { failedChecks }) => sum + failedChecks, this.#gone.failed),
      events: {
        noBackend: events.no_backend,
        noNextHop: events.no_next_hop,
        moved: events.moved,
        tableFull: events.table_full,
        ttlExpired: events.ttl_expired,
        tooBig: events.too_big,
        tooBigUnsaid: events.too_big_unsaid,
        icmpErrors: events.icmp_errors,
      },
      backends,
    };
  }

  #addBackends({ backends }: ServiceConfig): void {
    for (const config of backends) {
      const address = knownAddress(config.address);
      const known = this.backends.get(address.key);
      if (known === undefined) {
        const added = new BalancedBackend(config, address, this.number, this.#slots, this.#maps);
        this.backends.set(address.key, added);
      } else {
        known.config = config;
      }
    }
  }

  #release(backend: BalancedBackend): void {
    const { packets, bytes, new_flows } = backend.counted();
    this.#gone = {
      packets: this.#gone.packets + packets,
      bytes: this.#gone.bytes + bytes,
      new_flows: this.#gone.new_flows + new_flows,
      failed: this.#gone.failed + backend.health.failed,
    };
    this.#slots.giveBack(backend.number);
  }

  #writeRing(backends: readonly BalancedBackend[]): void {
    const members = backends.map(
      (backend): MaglevBackend => ({
        key: backend.address.key,
        weight: backend.config.weight,
        available: backend.state === "up",
      }),
    );
    const made = JSON.stringify([members, backends.map(({ number }) => number)]);
    if (made === this.#made) return;
    this.#made = made;
    const table = maglevTable(members, this.#ring);
    const { rings } = this.#maps;
    const start = this.#start();
    // Entry by entry, while packets come: each flow finds the old backend or the new one.
    for (const [place, index] of table.entries()) rings[start + place] = (backends[index]?.number ?? -1) + 1;
  }

  #clearRing(): void {
    const start = this.#start();
    this.#maps.rings.fill(0, start, start + this.#ring);
    this.#made = "";
  }

  #start(): number {
    return this.number * Math.ceil(this.#ring / RING_BACKENDS) * RING_BACKENDS;
  }
}
