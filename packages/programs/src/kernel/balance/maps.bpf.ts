import { arrayMap, perCpuArrayMap } from "@weir/compiler/language";
import {
  Backend,
  BackendStats,
  BalanceStats,
  ConnectionBucket,
  Delivery,
  RingPart,
  ServiceEntry,
  ServiceStats,
} from "../../records/balance.ts";

export const SERVICES = arrayMap({ value: ServiceEntry, maxEntries: 256, mmapable: true });
export const RINGS = arrayMap({ value: RingPart, maxEntries: 16_385, mmapable: true });
export const BACKENDS = arrayMap({ value: Backend, maxEntries: 64, mmapable: true });
export const DELIVERIES = arrayMap({ value: Delivery, maxEntries: 128, mmapable: true });
export const CONNECTIONS = arrayMap({ value: ConnectionBucket, maxEntries: 16_384, mmapable: true });
export const BACKEND_STATS = perCpuArrayMap({ value: BackendStats, maxEntries: 64 });
export const SERVICE_STATS = perCpuArrayMap({ value: ServiceStats, maxEntries: 64 });
export const BALANCE = perCpuArrayMap({ value: BalanceStats, maxEntries: 1 });
