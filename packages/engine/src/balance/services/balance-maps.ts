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
import { sumOfCpus } from "../../per-cpu-sums.ts";

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
    return sumOfCpus(this.#backendStats.at(number));
  }

  serviceStats(number: number) {
    return sumOfCpus(this.#serviceStats.at(number));
  }

  balance() {
    return sumOfCpus(this.#balance.at(0));
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}
