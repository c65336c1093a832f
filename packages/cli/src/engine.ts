import type * as engine from "@weir/engine";
import type * as development from "@weir/engine/development";

/** The part of the engine that the commands use. */
export type Engine = Pick<
  typeof engine,
  | "watch"
  | "attach"
  | "status"
  | "detect"
  | "stats"
  | "detach"
  | "check"
  | "replay"
  | "tryRules"
  | "previewRules"
  | "previewOnCapture"
  | "changeRules"
  | "removeRules"
  | "UndoableRules"
  | "rulesBefore"
  | "appliedRules"
  | "readDocument"
  | "rulesOf"
  | "listRules"
  | "RuleLog"
  | "documentOf"
  | "actionText"
  | "matchText"
  | "timesText"
  | "confirmRules"
  | "onTrial"
  | "Confirmation"
  | "sshSession"
  | "addToSet"
  | "removeFromSet"
  | "listSet"
  | "match"
  | "capture"
  | "balanceCpus"
  | "balanceDevices"
  | "balanceServices"
>;

/** The part of the engine that the commands for programs of one's own use. */
export type Development = typeof development;
