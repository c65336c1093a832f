import type * as engine from "@weir/engine";

/** The part of the engine that the commands use. */
export type Engine = Pick<
  typeof engine,
  | "watch"
  | "attach"
  | "status"
  | "stats"
  | "detach"
  | "check"
  | "replay"
  | "capture"
  | "balanceCpus"
  | "balanceDevices"
  | "balanceServices"
>;
