import type { LoadedSet, RuleSet } from "@weir/rules";
import type { InterfaceChange } from "./interface-change.ts";
import type { Mode } from "./mode.ts";
import type { RulesChoice } from "./rules/new-rules.ts";
import type { RulesStage } from "./rules/rules-stage.ts";

/** The order of connections: most packets, bytes or packets per second first, or most recently seen first. */
export type SortKey = "packets" | "bytes" | "rate" | "recent";

/** Which connections a snapshot lists. */
export interface ListOptions {
  /** Default `"packets"`. */
  readonly sort?: SortKey | undefined;
  /** At most so many connections. Default: all. */
  readonly limit?: number | undefined;
}

/** The size and ageing of the connection table. */
export interface TableOptions {
  /**
   * For how many connections each CPU's section of the table is made, per IP version. Default 10,240.
   * The memory for it is `tableMemory({ connections })` bytes.
   */
  readonly connections?: number | undefined;
  /** Seconds after which a connection without packets is not listed and its place may be used again. 0: never. Default 60. */
  readonly idle?: number | undefined;
}

/** Whether everything is counted in connections. */
export interface SampleOptions {
  /**
   * `"1/100"` samples one of 100 packets by chance: connections have estimates then. `"flow:1/100"` counts one of 100
   * connections, whole. N may be from 1 to 65,536; counters stay exact. Default: everything is counted.
   */
  readonly sample?: string | undefined;
}

/** What counting may cost. */
export interface BudgetOptions {
  /**
   * The part of one CPU that the program may take, such as `"5%"`, from 0.1% on: packets are sampled, at a rate that follows
   * the load. It switches the kernel's BPF statistics on, which takes CAP_SYS_ADMIN, and costs every program some 20 ns per run.
   */
  readonly budget?: string | undefined;
}

/** How a program is attached, and its table. */
export interface MonitorOptions extends TableOptions {
  /** Default `"auto"`. */
  readonly mode?: Mode | undefined;
}

/** Whose place a program may take. */
export interface ForeignOptions {
  /**
   * Id of a program of somebody else, attached by netlink, that is to give its place: only this one, and only while it is the one that
   * is there. Another program, and one that is held by a link, is left as it is. Default: none is.
   */
  readonly replaceForeign?: number | undefined;
}

/** Whether other XDP programs may be on the interface as well. */
export interface SharingOptions {
  /**
   * Attaches by way of a dispatcher, which other programs that follow libxdp's protocol may join and leave, such as those of xdp-loader. Where a
   * dispatcher is already, it is joined in any case. Default false: weir is the only program then, and costs nothing but itself.
   */
  readonly shared?: boolean | undefined;
  /**
   * The place among several programs: those with lower numbers run first, and what one of them drops the next ones do not see. Default 5, before
   * xdp-filter (10) and all that say nothing (50).
   */
  readonly priority?: number | undefined;
}

/** How `attach` attaches. */
export interface AttachOptions extends MonitorOptions, SampleOptions, ForeignOptions, SharingOptions {
  /** `"netlink"` where a link cannot be: the interface then holds the program itself. Default `"link"`. */
  readonly by?: "link" | "netlink" | undefined;
  /**
   * Where weir is attached already, puts this version's program in the place of the one that runs, on the same maps: each packet is
   * counted by one of them. Options that are not given stay as they are. Default false.
   */
  readonly replace?: boolean | undefined;
  /** The same, and where the maps have to be others, carries the numbers over. Default false. */
  readonly migrate?: boolean | undefined;
  /** Rules that decide what is dropped, or none, or a choice by those that are there, which stay unless given. */
  readonly rules?: RuleSet | "none" | RulesStage | RulesChoice | undefined;
  /**
   * What is in the sets of rules: what the rules say ("new", the default), or what is there already ("present"); or these contents, for all sets of
   * rules that are given, or for some of rules that stay.
   */
  readonly sets?: "new" | "present" | ReadonlyMap<string, LoadedSet> | undefined;
}

/** What snapshots have, and how they follow each other. */
export interface ReadingOptions extends ListOptions {
  /** Seconds between snapshots. Default 1. */
  readonly interval?: number | undefined;
  /**
   * Lets the kernel measure how often the program runs and how long it takes, for `program` in the snapshots. It does so for all
   * BPF programs of the machine as long as the monitor lives, and costs each run some 20 ns. Default false.
   */
  readonly statistics?: boolean | undefined;
  /** Ends the iteration; everything is detached. */
  readonly signal?: AbortSignal | undefined;
}

/** Whether interfaces that go are watched again when they come back. */
export interface FollowOptions {
  /**
   * Watches an interface again when it is back after it was removed, and takes patterns such as `"veth*"`, whose interfaces may come
   * later. An interface that is there is watched on when it is renamed. Default false.
   */
  readonly follow?: boolean | undefined;
  /** Is told what happens to the interfaces that are followed. */
  readonly onChange?: ((change: InterfaceChange) => void) | undefined;
}

/** How `watch` attaches, and what its snapshots have. */
export interface WatchOptions
  extends SharingOptions,
    MonitorOptions,
    SampleOptions,
    ForeignOptions,
    BudgetOptions,
    FollowOptions,
    ReadingOptions {}

/** What `balanceCpus` does. */
export interface CpuBalanceOptions extends MonitorOptions, ReadingOptions {
  /** Numbers of the CPUs, each once. */
  readonly cpus: readonly number[];
  /** Packets that may wait for one CPU, 1 to 16,384; what comes then is dropped, and counted. Default 2048. */
  readonly queueSize?: number | undefined;
}

/** What `balanceDevices` does. */
export interface DeviceBalanceOptions extends MonitorOptions, ReadingOptions {
  /** Names of the interfaces, each once. */
  readonly to: readonly string[];
  /** Each frame to all of them, instead of each connection to one. Default false. */
  readonly mirror?: boolean | undefined;
}

/** What `replay` gives. */
export interface ReplayOptions extends ListOptions, SampleOptions {
  /** For how many connections the table is made, per IP version. Default 65,536. Connections do not age here. */
  readonly connections?: number | undefined;
  /** Rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}
