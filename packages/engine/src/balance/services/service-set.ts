import { STAMPED_SINCE } from "@weir/programs";
import { EngineError } from "../../errors.ts";
import { BackendSlots } from "./backend-slots.ts";
import type { BalanceMaps } from "./balance-maps.ts";
import { BalancedService, placeOf } from "./balanced-service.ts";
import { type IpAddress, knownAddress } from "./ip-address.ts";
import type { BalanceSize } from "./load-services.ts";
import { ADDRESS_ENDS, type ServiceKey, ServiceSlots, serviceEnds } from "./service-slots.ts";
import type { ServiceConfig, ServicesConfig } from "./services-config.ts";

/** All services of a balancer, in the kernel's tables and out of them. */
export class ServiceSet {
  readonly #maps: BalanceMaps;
  readonly #size: BalanceSize;
  readonly #slots: ServiceSlots;
  readonly backendSlots: BackendSlots;
  readonly #free: number[];
  readonly #services = new Map<string, BalancedService>();

  constructor(maps: BalanceMaps, size: BalanceSize) {
    this.#maps = maps;
    this.#size = size;
    this.#slots = new ServiceSlots(maps.services);
    this.backendSlots = new BackendSlots(maps, size.backends);
    this.#free = Array.from({ length: size.services }, (_, index) => size.services - 1 - index);
  }

  get services(): readonly BalancedService[] {
    return [...this.#services.values()];
  }

  /**
   * Makes the services those of a configuration. Those that stay go on without a gap; new ones are prepared by `prepare`, which
   * finds the way to their backends, before packets find them.
   *
   * @throws {EngineError} `WEIR_OPTION` where there is not room enough, before anything has changed; where a single service finds no place in a table
   * that has room, others have changed
   */
  apply(config: ServicesConfig, prepare: (service: BalancedService) => void): void {
    this.#checkRoom(config);
    const addresses = new Map<string, IpAddress>();
    const places = config.services.map((service) => {
      const address = knownAddress(service.address);
      return { service, address, place: placeOf(service, address) };
    });
    const kept = new Set(places.map(({ place }) => place));
    const gone = [...this.#services].filter(([place]) => !kept.has(place));
    for (const [place, service] of gone) {
      this.#services.delete(place);
      this.#remove(service);
    }
    for (const { service, place, address } of places) {
      addresses.set(address.key, address);
      const known = this.#services.get(place);
      if (known !== undefined) known.change(service);
      const balanced = known ?? this.#add(service);
      this.#services.set(place, balanced);
      prepare(balanced);
      balanced.update();
    }
    for (const address of addresses.values())
      this.#slots.set({ address, ends: ADDRESS_ENDS }, { service: 0, drops: false });
    for (const service of this.#services.values()) {
      this.#slots.set(keyOf(service), { service: service.number, drops: service.config.allDown === "drop" });
    }
    for (const [, { address }] of gone) {
      if (!addresses.has(address.key)) this.#slots.remove({ address, ends: ADDRESS_ENDS });
    }
  }

  /** How many connections of each backend are remembered that had a packet within the idle time. */
  flows(now: number, silence: number): ReadonlyMap<number, number> {
    const flows = new Map<number, number>();
    const { connections } = this.#maps;
    for (let index = 0; index < connections.length; index += 2) {
      const low = connections[index] ?? 0;
      if (low === 0 && connections[index + 1] === 0) continue;
      const age = (now - low) & 0xffff;
      // What has been stamped since the time was read is not 18 hours old.
      if (age > silence && age < STAMPED_SINCE) continue;
      const backend = low >>> 16;
      flows.set(backend, (flows.get(backend) ?? 0) + 1);
    }
    return flows;
  }

  #add(config: ServiceConfig): BalancedService {
    const number = this.#free.pop();
    if (number === undefined) throw new Error("the room for services was checked");
    return new BalancedService(number, config, this.#maps, this.backendSlots, this.#size.ring);
  }

  #remove(service: BalancedService): void {
    this.#slots.remove(keyOf(service));
    service.remove();
    this.#free.unshift(service.number);
  }

  #checkRoom({ services }: ServicesConfig): void {
    // Backends that go keep their places until those that come have theirs.
    const known = new Set(this.services.flatMap((one) => [...one.backends.keys()].map((key) => `${one.place} ${key}`)));
    const wanted = services.flatMap((one) => {
      const place = placeOf(one, knownAddress(one.address));
      return one.backends.map(({ address }) => `${place} ${knownAddress(address).key}`);
    });
    const backends = new Set([...known, ...wanted]).size;
    const has = (what: string, count: number, room: number) => {
      if (count <= room) return;
      throw new EngineError(
        "WEIR_OPTION",
        `the configuration needs room for ${count} ${what}, those that go included, and the balancer has room for ${room}\n` +
          `  Start it again, with a capacity.${what} of ${count} or more.`,
      );
    };
    const places = services.map((one) => placeOf(one, knownAddress(one.address)));
    has("services", new Set([...this.#services.keys(), ...places]).size, this.#size.services);
    has("backends", backends, this.#size.backends);
  }
}

function keyOf({ address, config }: BalancedService): ServiceKey {
  return { address, ends: serviceEnds(config.protocol, config.port) };
}
