/**
 * weir's own kernel programs, compiled, and the records that they share with user space.
 *
 * @module
 */

export { nextHopObject, servicesObject } from "./balance-object.ts";
export { captureObject, sampleCaptureObject } from "./capture-object.ts";
export { dispatcherObject } from "./dispatcher-object.ts";
export { type FilterStages, filterObject } from "./filter-object.ts";
export { type FlowMapName, flowTableSizes, withFlowTables } from "./flow-tables.ts";
export { monitorObject, sampledMonitorObject } from "./monitor-object.ts";
export {
  ADDRESS_ONLY,
  BACKEND_ACTIVE,
  BACKEND_DRAINING,
  BACKEND_NONE,
  Backend,
  BackendStats,
  BalanceStats,
  CONNECTIONS_PER_BUCKET,
  ConnectionBucket,
  DELIVERY_IP6IP6,
  DELIVERY_IPIP,
  DELIVERY_MAC,
  DELIVERY_NONE,
  Delivery,
  FibLookup,
  NextHopQuestion,
  RING_BACKENDS,
  RingPart,
  SERVICE_PROBES,
  ServiceEntry,
  ServiceStats,
  SLOT_FREE,
  SLOT_LEFT,
  STAMPED_SINCE,
} from "./records/balance.ts";
export {
  CaptureChunk,
  CaptureRing,
  CHUNK_STARTS,
  LONGEST_CAPTURE,
} from "./records/capture.ts";
export {
  DISPATCHER_MAGIC,
  DISPATCHER_PROGRAMS,
  DISPATCHER_VERSION,
  DispatcherSettings,
  NOTHING_REPLACED,
} from "./records/dispatcher.ts";
export {
  FLOW_WAYS,
  FlowBucket,
  KIND_FRAGMENT,
  KIND_FREE,
  KIND_L4,
  KIND_NO_PORT,
  XdpConn6Stats,
  XdpConnStats,
} from "./records/flow.ts";
export {
  ENTRIES_PER_BUCKET,
  KEY_WORDS,
  LIMIT_FLOW,
  LIMIT_NUMBERS,
  LIMIT_RULE,
  LIMIT_SOURCE,
  LimitBucket,
  LimitNumbers,
} from "./records/limits.ts";
export { FrameReports, LOGGED_BYTES, LogRate, LogRecord, MOST_LOGS, MOST_SAMPLING_RULES } from "./records/reports.ts";
export {
  NO_RULE,
  RULE_COUNT,
  RULE_DROP,
  RULE_LIMIT,
  RULE_LOG,
  RULE_PASS,
  RULE_SAMPLE,
  RuleAction,
  RuleCounts,
  RuleWindow,
} from "./records/rules.ts";
export { FlowSamples, SamplingRate } from "./records/sampling.ts";
export { SetPage } from "./records/sets.ts";
export { Stats } from "./records/stats.ts";
export { CpuNumber, SteeredFrames } from "./records/steering.ts";
export { setsObject } from "./sets-object.ts";
export { cpusObject, devicesObject } from "./steering-objects.ts";
