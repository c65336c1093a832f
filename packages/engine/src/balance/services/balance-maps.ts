import { ArrayMap, type LoadedObject, PerCpuArrayMap } from "@weir/kernel";
import {
  Backend,
  BackendStats,
  BalanceStats,
  ConnectionBucket,
  Delivery,
  RingPart,
  ServiceEntry,
  ServiceStats,
} from "@weir/programs";

/** The sums of a record's counters over all CPUs. */
export type Sums<Name extends string> = Readonly<Record<Name, bigint>>;

/** The maps of a balancer, open for reading and writing. */
export class BalanceMaps implements Disposable {
  readonly services: ArrayBuffer;
  readonly rings: Uint16Array;
  readonly backends: Uint32Array;
  readonly connections: Uint32Array;
  readonly deliveries: ArrayMap<typeof Delivery>;
  readonly #backendStats: PerCpuArrayMap<typeof BackendStats>;
  readonly #serviceStats: PerCpuArrayMap<typeof ServiceStats>;
  readonly #balance: PerCpuArrayMap<typeof BalanceStats>;
  readonly #resources: DisposableStack;

  constructor(object: LoadedObject) {
    using stack = new DisposableStack();
    const memory = (
      name: string,
      value: typeof ServiceEntry | typeof RingPart | typeof Backend | typeof ConnectionBucket,
    ) => stack.use(stack.use(ArrayMap.of(object.map(name), { value })).memory({ writable: true })).buffer;
    this.services = memory("SERVICES", ServiceEntry);
    this.rings = new Uint16Array(memory("RINGS", RingPart));
    this.backends = new Uint32Array(memory("BACKENDS", Backend));
    this.connections = new Uint32Array(memory("CONNECTIONS", ConnectionBucket));
    this.deliveries = stack.use(ArrayMap.of(object.map("DELIVERIES"), { value: Delivery }));
    this.#backendStats = stack.use(PerCpuArrayMap.of(object.map("BACKEND_STATS"), { value: BackendStats }));
    this.#serviceStats = stack.use(PerCpuArrayMap.of(object.map("SERVICE_STATS"), { value: ServiceStats }));
    this.#balance = stack.use(PerCpuArrayMap.of(object.map("BALANCE"), { value: BalanceStats }));
    this.#resources = stack.move();
  }

  backendStats(number: number) {
    return sums(this.#backendStats.at(number));
  }

  serviceStats(number: number) {
    return sums(this.#serviceStats.at(number));
  }

  balance() {
    return sums(this.#balance.at(0));
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}

function sums<Name extends string>(parts: readonly Readonly<Record<Name, bigint>>[]): Sums<Name> {
  const [first] = parts;
  if (first === undefined) throw new Error("there is no CPU");
  // The same keys as in each part.
  const names = Object.keys(first) as Name[];
  const sumOf = (name: Name) => parts.reduce((sum, part) => sum + part[name], 0n);
  const entries = names.map((name): [Name, bigint] => [name, sumOf(name)]);
  return Object.fromEntries(entries) as Record<Name, bigint>;
}

/** What has been counted since an earlier reading. */
export function since<Name extends string>(now: Sums<Name>, before: Sums<Name>): Sums<Name> {
  // The same keys as in both.
  const names = Object.keys(now) as Name[];
  const difference = (later: bigint, earlier: bigint) => later - earlier;
  const entries = names.map((name): [Name, bigint] => [name, difference(now[name], before[name])]);
  return Object.fromEntries(entries) as Record<Name, bigint>;
}
