import type { ObjectSpec } from "@weir/bytecode";
import { type BpfProgram, PerCpuArrayMap } from "@weir/kernel";
import { Stats } from "@weir/programs";
import type { Packet } from "@weir/testing";
import { BackendSlots } from "../../src/balance/services/backend-slots.ts";
import { knownAddress } from "../../src/balance/services/ip-address.ts";
import { type LoadedServices, loadServices } from "../../src/balance/services/load-services.ts";
import { macDelivery, type NextHop, tunnelDelivery } from "../../src/balance/services/route.ts";
import { ServiceSet } from "../../src/balance/services/service-set.ts";
import type { BackendConfig, ServiceConfig, ServicesConfig } from "../../src/balance/services/services-config.ts";

export const hop: NextHop = {
  interface: 0,
  sourceMac: Uint8Array.of(2, 0, 0, 0, 1, 1),
  destinationMac: Uint8Array.of(2, 0, 0, 0, 1, 2),
  mtu: 1500,
};

/** Where the packet builder's frames go unless it is told otherwise. */
const OWN = "02:00:00:00:00:02";

export function backend(address: string, more: Partial<BackendConfig> = {}): BackendConfig {
  return { address, weight: 1, drain: false, ...more };
}

export function service(more: Partial<ServiceConfig>): ServiceConfig {
  return {
    name: `service ${more.address} ${more.protocol} ${more.port}`,
    address: "203.0.113.1",
    protocol: "tcp",
    port: 80,
    delivery: "mac",
    allDown: "drop",
    backends: [backend("192.0.2.11"), backend("192.0.2.12")],
    ...more,
  };
}

export function config(services: readonly ServiceConfig[], more: Partial<ServicesConfig> = {}): ServicesConfig {
  return {
    table: 65_537,
    connections: { capacity: 65_536, idle: 300 },
    capacity: {},
    source: { ipv4: "192.0.2.1", ipv6: "2001:db8::1" },
    services,
    ...more,
  };
}

/** A balancer that is run on packets in memory, with next hops that are given. */
export class Balanced implements Disposable {
  readonly loaded: LoadedServices;
  readonly set: ServiceSet;
  #config: ServicesConfig;

  /** @param change puts another object in the place of the balancer's, with its program of that name */
  constructor(first: ServicesConfig, change?: (spec: ObjectSpec) => ObjectSpec, program?: string) {
    this.#config = first;
    this.loaded = loadServices(first, { frags: true, hardwareAddress: OWN, change, program });
    this.set = new ServiceSet(this.loaded.maps, this.loaded.size);
    this.apply(first);
  }

  get program(): BpfProgram {
    return this.loaded.program;
  }

  apply(next: ServicesConfig): void {
    this.#config = next;
    this.set.apply(next, (balanced) => {
      for (const one of balanced.backends.values()) {
        if (one.route !== "") continue;
        one.route = "given";
        one.unreachable = undefined;
        const { ipv4, ipv6 } = this.#config.source;
        const source = knownAddress((one.address.family === 4 ? ipv4 : ipv6) ?? "");
        const mac = Uint8Array.of(2, 0, 0, 0, 2, one.number);
        const via = { ...hop, destinationMac: mac };
        const delivery =
          balanced.config.delivery === "mac" ? macDelivery(via) : tunnelDelivery(via, source, one.address);
        new BackendSlots(this.loaded.maps, 0).setDelivery(one.number, delivery);
      }
    });
  }

  run(packet: Packet | Uint8Array): { verdict: number; data: Uint8Array } {
    return this.program.testRun({ data: packet instanceof Uint8Array ? packet : packet.toBytes() });
  }

  /** The monitor's counters. */
  stats(): Record<string, bigint> {
    const sums: Record<string, bigint> = {};
    for (const part of PerCpuArrayMap.of(this.loaded.object.map("STATS"), { value: Stats }).at(0)) {
      for (const [name, value] of Object.entries(part)) sums[name] = (sums[name] ?? 0n) + value;
    }
    return sums;
  }

  snapshot() {
    const flows = this.set.flows(0, 0xffff);
    return this.set.services.map((one) => one.snapshot((number) => flows.get(number) ?? 0));
  }

  [Symbol.dispose](): void {
    this.loaded[Symbol.dispose]();
  }
}
