/**
 * Linux, as weir needs it: objects become live maps, programs and links here.
 *
 * @module
 */
export { readBtf } from "./bpf/btf-by-id.ts";
export { enableStatistics } from "./bpf/enable-statistics.ts";
export { objectMemory } from "./bpf/object-memory.ts";
export { openPinnedObject, type PinnedObject } from "./bpf/pinned-object.ts";
export { FileDescriptor } from "./descriptors/file-descriptor.ts";
export {
  forgetDescriptors,
  type OpenDescriptor,
  openDescriptors,
  trackDescriptors,
} from "./descriptors/open-descriptors.ts";
export { type DriverSupport, driverSource, driverSupport, SINGLE_BUFFER_MTU_SOURCE } from "./drivers/driver-support.ts";
export { errnoName } from "./errors/errno.ts";
export { hasCode } from "./errors/has-code.ts";
export { KernelError, type KernelErrorCode } from "./errors/kernel-error.ts";
export { shellWord } from "./errors/shell-word.ts";
export { findHolders, type HeldId, type Holders, searchHolders } from "./holders/find-holders.ts";
export { describeHolder, type Held, type Holder, type HoldingProcess, type Pin } from "./holders/holder.ts";
export { findXdpLink } from "./links/find-xdp-link.ts";
export { type LinkInfo, linkInfo, links } from "./links/links.ts";
export { AnyMap } from "./maps/any-map.ts";
export { ArrayMap } from "./maps/array-map.ts";
export { ArrayOfMaps } from "./maps/array-of-maps.ts";
export { BloomFilterMap } from "./maps/bloom-filter-map.ts";
export { BpfMap, type MapInfo } from "./maps/bpf-map.ts";
export type { MapLayouts } from "./maps/check-layout.ts";
export { CpuMap, type CpuTarget } from "./maps/cpu-map.ts";
export { DeviceHashMap, DeviceMap, type DeviceTarget } from "./maps/device-map.ts";
export { HashMap } from "./maps/hash-map.ts";
export { HashOfMaps, type KeyLayout } from "./maps/hash-of-maps.ts";
export type { ArrayLayouts } from "./maps/indexed-map.ts";
export type { SetMode } from "./maps/keyed-map.ts";
export type { ValueLayout } from "./maps/keyless-map.ts";
export { LpmTrieMap } from "./maps/lpm-trie-map.ts";
export { LruHashMap } from "./maps/lru-hash-map.ts";
export { LruPerCpuHashMap } from "./maps/lru-per-cpu-hash-map.ts";
export type { MapMemory, MapMemoryOptions } from "./maps/map-memory.ts";
export { PerCpuArrayMap } from "./maps/per-cpu-array-map.ts";
export { PerCpuHashMap } from "./maps/per-cpu-hash-map.ts";
export { PerfEventArray, type PerfOptions } from "./maps/perf-event-array.ts";
export { ProgramArray } from "./maps/program-array.ts";
export { QueueMap } from "./maps/queue-map.ts";
export { RingBuffer, type WatchOptions } from "./maps/ring-buffer.ts";
export { StackMap } from "./maps/stack-map.ts";
export type { Variable } from "./maps/variable.ts";
export { type ChannelCount, type Channels, channels, transmitQueuesInUse } from "./netlink/ethtool/channels.ts";
export {
  type DeviceFeatures,
  deviceFeatures,
  MERGING_OFFLOADS,
  mergingOffloads,
} from "./netlink/ethtool/device-features.ts";
export { type DriverInfo, driverInfo } from "./netlink/ethtool/driver-info.ts";
export { type LinkState, linkState } from "./netlink/ethtool/link-state.ts";
export { type RingSize, type Rings, rings } from "./netlink/ethtool/rings.ts";
export { type InterfaceEvent, InterfaceEvents, type InterfaceEventsOptions } from "./netlink/interface-events.ts";
export {
  findInterface,
  findLinked,
  interfaces,
  type LinkedInterface,
  type NetworkInterface,
  type OperationalState,
  type XdpMode,
} from "./netlink/network-interface.ts";
export { portsOf, upperInterfaces } from "./netlink/stacked-interfaces.ts";
export {
  allXdpCapabilities,
  type XdpCapabilities,
  type XdpFeature,
  type XdpMetadata,
  type XdpSocketFeature,
  xdpCapabilities,
  xdpFeatures,
} from "./netlink/xdp-features.ts";
export { LoadedObject, type LoadObjectOptions, loadObject, type ProgramLookup } from "./objects/loaded-object.ts";
export { Answer } from "./probes/answer.ts";
export { type HelperAnswer, probeHelper } from "./probes/helper.ts";
export { probeMapType } from "./probes/map-type.ts";
export { attachSocketOperations } from "./programs/attach-socket-operations.ts";
export { attachTcx, type TcxOptions } from "./programs/attach-tcx.ts";
export { BpfProgram, type ProgramInfo } from "./programs/bpf-program.ts";
export { attachEntry } from "./programs/entry.ts";
export { attachExtension, type ExtensionTarget } from "./programs/extension.ts";
export { extensionRefusal } from "./programs/extension-probe.ts";
export { attachIterator, IteratorLink } from "./programs/iterator-link.ts";
export type { LiveFrameOptions } from "./programs/live-frames.ts";
export type { LoadOptions } from "./programs/load-program.ts";
export { type ProgramCode, type ProgramDetails, programCode, programDetails } from "./programs/program-details.ts";
export { ProgramLink } from "./programs/program-link.ts";
export type { TestRunOptions, TestRunResult } from "./programs/test-run.ts";
export { attachTracepoint } from "./programs/tracepoint-link.ts";
export { waitForPrograms } from "./programs/wait-for-programs.ts";
export type { XdpArrivalOptions } from "./programs/xdp-arrival.ts";
export { BPF_FILE_SYSTEM, isBpfFileSystem, mountBpfFileSystem } from "./system/bpf-file-system.ts";
export { type Capability, missingCapabilities } from "./system/capabilities.ts";
export { onlineCpus, possibleCpus, presentCpus } from "./system/cpus.ts";
export { lockDirectory } from "./system/directory-lock.ts";
export { EchoSocket } from "./system/echo-socket.ts";
export { type KernelFacts, kernelFacts } from "./system/kernel-facts.ts";
export { tickNanoseconds } from "./system/kernel-tick.ts";
export { kernelFieldOffset } from "./system/kernel-types.ts";
export { HomeNamespace, inNetworkNamespace } from "./system/network-namespace.ts";
export { pageSize } from "./system/page-size.ts";
export { pause } from "./system/pause.ts";
export { type ClockOffset, realTimeOffset } from "./system/real-time.ts";
export { type TraceLine, TraceOutput } from "./tracing/trace-output.ts";
export type { RefusalCause } from "./verifier/explain.ts";
export type { ValueRange } from "./verifier/range.ts";
export type { RefusalKind } from "./verifier/refusal.ts";
export type { SourceCall } from "./verifier/source-lines.ts";
export type { VerifierStatistics } from "./verifier/statistics.ts";
export { VerifierError } from "./verifier/verifier-error.ts";
export { type AttachOptions, attachXdp } from "./xdp/attach-xdp.ts";
export { ForeignProgram } from "./xdp/foreign-program.ts";
export { NetlinkAttachment } from "./xdp/netlink-attachment.ts";
export { type AttachedProgram, queryXdp } from "./xdp/query-xdp.ts";
export { AttachError } from "./xdp/refusal/attach-error.ts";
export type { AttachReason } from "./xdp/refusal/refusal.ts";
export type { Fallback, XdpAttachment } from "./xdp/xdp-attachment.ts";
export { XdpLink } from "./xdp/xdp-link.ts";
