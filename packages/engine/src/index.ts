export { type Answer, type AttachReason, type Fallback, KernelError } from "@weir/kernel";
export { balanceCpus, balanceDevices } from "./balance/balance.ts";
export type {
  BackendSnapshot,
  BackendState,
  BalanceSnapshot,
  BalanceVerdicts,
  ServiceEvents,
  ServiceSnapshot,
} from "./balance/services/balance-snapshot.ts";
export { servicesMistakes } from "./balance/services/check-services.ts";
export type { HealthCheckConfig } from "./balance/services/health/health-check-config.ts";
export { MAGLEV_SIZE } from "./balance/services/maglev.ts";
export { type BalanceOptions, balanceServices, type ServicesBalancer } from "./balance/services/services-balancer.ts";
export type {
  BackendConfig,
  ServiceConfig,
  ServicesConfig,
  ServicesMistake,
} from "./balance/services/services-config.ts";
export { CaptureError } from "./captures/capture-error.ts";
export type { Connection, ConnectionKind, Protocol, Rates } from "./connection.ts";
export { COUNTER_NAMES, type CounterName, type Counters } from "./counters.ts";
export { type DetectOptions, detect } from "./detect/detect.ts";
export type {
  Change,
  DetectedInterface,
  DetectedKernel,
  DetectedProgram,
  Detection,
  ModeAdvice,
  Need,
  Offload,
  Recommendation,
  Trial,
  Unanswered,
  XdpSupport,
} from "./detect/detection.ts";
export type { Shared, SharingProgram } from "./dispatcher/seat.ts";
export { EngineError, type EngineErrorCode } from "./errors.ts";
export type { DropsByCause, Identity } from "./identity.ts";
export type { InterfaceChange } from "./interface-change.ts";
export { capture } from "./live-capture/capture.ts";
export type {
  Capture,
  CaptureCounts,
  CapturedInterface,
  CaptureEnd,
  CaptureOptions,
  CaptureResult,
  CaptureStatistics,
} from "./live-capture.ts";
export { type MatchedFrame, match } from "./match/match.ts";
export type { AttachedMode, Mode } from "./mode.ts";
export { tableMemory } from "./monitor/table-size.ts";
export { watch } from "./monitor/watch.ts";
export type { Monitor, WatchedInterface } from "./monitor.ts";
export type {
  AttachOptions,
  BudgetOptions,
  CpuBalanceOptions,
  DeviceBalanceOptions,
  FollowOptions,
  ForeignOptions,
  ListOptions,
  MonitorOptions,
  ReadingOptions,
  ReplayOptions,
  SampleOptions,
  SharingOptions,
  SortKey,
  TableOptions,
  WatchOptions,
} from "./options.ts";
export { attach } from "./pinned/attach.ts";
export { detach } from "./pinned/detach.ts";
export { type PinnedReader, readPinned } from "./pinned/pinned-reader.ts";
export { check, stats } from "./pinned/stats.ts";
export { status } from "./pinned/status.ts";
export type { PinnedMonitor, PinProblem, StalePins, Status, UnreadableMonitor } from "./pinned-monitor.ts";
export type { DroppedConnection, EffectChange, RulesEffect, SessionEffect } from "./preview/effect.ts";
export { previewOnCapture } from "./preview/preview-on-capture.ts";
export { type InterfaceEffect, type PreviewOptions, previewRules } from "./preview/preview-rules.ts";
export { replay } from "./replay/replay.ts";
export { type DecidedFrame, type RulesReplay, type TryRulesOptions, tryRules } from "./replay/try-rules.ts";
export type { Replay, Verdict } from "./replay-result.ts";
export { type ApplyOptions, applyRules, type RulesChange, removeRules, UndoableRules } from "./rules/apply-rules.ts";
export { changeRules, type RulesEdit } from "./rules/change-rules.ts";
export {
  addToSet,
  type ListedEntry,
  listSet,
  removeFromSet,
  type SetAdded,
  type SetChanged,
} from "./rules/change-set.ts";
export { Confirmation, type ConfirmationState, confirmRules } from "./rules/confirmation.ts";
export type { CutOff, GuardOptions } from "./rules/guard.ts";
export {
  appliedRules,
  type LimitNumbersCounted,
  type ListedRule,
  type ListedRules,
  type ListedWindow,
  type LogNumbersCounted,
  listRules,
  type RuleNumbers,
} from "./rules/list-rules.ts";
export type { FrameEnds } from "./rules/log/frame-ends.ts";
export type { LoggedFrame } from "./rules/log/logged-frame.ts";
export { RuleLog, type UnloggedFrames } from "./rules/log/rule-log.ts";
export type { AppliedRules } from "./rules/pinned-rules.ts";
export { type RulesBefore, rulesBefore } from "./rules/restore.ts";
export {
  actionText,
  documentOf,
  type EditedDocument,
  type EntryAction,
  matchText,
  type RuleDocument,
  type RuleEntry,
  readDocument,
  rulesOf,
  timesText,
} from "./rules/rule-document.ts";
export { type SshSession, sshSession } from "./rules/ssh-session.ts";
export { onTrial } from "./rules/trial.ts";
export type { Budget, FlowSampling, PacketSampling, Sampling, StandardError } from "./sampling.ts";
export type { EarlierCounts, Evicted, ProgramCost, Snapshot, Traffic } from "./snapshot.ts";
export type { Steering, SteeringKind, SteeringTarget } from "./steering.ts";
