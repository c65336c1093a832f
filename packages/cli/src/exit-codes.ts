import type { EngineErrorCode } from "@weir/engine";

/** The failures that have a name: those of the engine, and what the command line itself has to complain about. */
export type FailureCode =
  | EngineErrorCode
  | "WEIR_USAGE"
  | "WEIR_TOOL"
  | "WEIR_OUTPUT"
  | "WEIR_CONFIG"
  | "WEIR_LISTEN"
  | "WEIR_SOURCE"
  | "WEIR_VERIFIER"
  | "WEIR_FILTER";

/** A way in which a command can end. */
export interface ExitCode {
  readonly code: number;
  readonly meaning: string;
}

/** Ends that are no failures. */
export const SUCCESS: ExitCode = { code: 0, meaning: "done; also a watch that was ended by Ctrl-C or SIGTERM" };
export const FINDING: ExitCode = {
  code: 1,
  meaning:
    "done, and found something: the account of a check does not balance, status found pins that it can neither read nor remove, rules diff a difference, or rules apply --confirm took the rules back",
};

/** The failures that have a code of their own. */
export const FAILURES: Readonly<Record<FailureCode, ExitCode>> = {
  WEIR_USAGE: { code: 2, meaning: "unknown command or option, or a value that makes no sense" },
  WEIR_OPTION: { code: 2, meaning: "unknown command or option, or a value that makes no sense" },
  WEIR_PERMISSION: { code: 3, meaning: "not root, or CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN are missing" },
  WEIR_KERNEL: { code: 4, meaning: "the kernel has no BPF, is too old, or refused" },
  WEIR_NO_INTERFACE: { code: 5, meaning: "no such interface" },
  WEIR_INTERFACE_DOWN: { code: 6, meaning: "the interface is down" },
  WEIR_INTERFACE_REMOVED: { code: 7, meaning: "the interface was removed while it was watched" },
  WEIR_BUSY: { code: 8, meaning: "another XDP program is attached to the interface" },
  WEIR_MODE: { code: 9, meaning: "the interface cannot do the mode that was asked for" },
  WEIR_ALREADY_ATTACHED: { code: 10, meaning: "weir is attached to the interface already" },
  WEIR_NOT_ATTACHED: { code: 11, meaning: "weir is not attached to the interface" },
  WEIR_FILE: { code: 12, meaning: "the file cannot be opened or read" },
  WEIR_CAPTURE_EMPTY: { code: 13, meaning: "the capture is empty" },
  WEIR_CAPTURE_FORMAT: { code: 14, meaning: "the file is not a pcap or pcapng capture" },
  WEIR_CAPTURE_TRUNCATED: { code: 15, meaning: "the capture ends in the middle of a record" },
  WEIR_CAPTURE_DAMAGED: { code: 16, meaning: "the capture contradicts itself" },
  WEIR_CAPTURE_LINK_TYPE: { code: 17, meaning: "the capture is not of Ethernet frames" },
  WEIR_TOOL: { code: 18, meaning: "a tool that the command needs is not installed" },
  WEIR_OUTPUT: { code: 19, meaning: "the output cannot be written" },
  WEIR_LINK_TYPE: { code: 20, meaning: "the interface does not carry Ethernet frames" },
  WEIR_CONFIG: { code: 21, meaning: "the configuration says something that cannot be" },
  WEIR_LISTEN: { code: 22, meaning: "the address cannot be listened on" },
  WEIR_TARGET: { code: 23, meaning: "an interface takes no frames that are redirected to it" },
  WEIR_NO_ROUTE: { code: 24, meaning: "packets for a backend have nowhere to go" },
  WEIR_SOURCE: { code: 25, meaning: "the kernel program has mistakes; the compiler names them" },
  WEIR_VERIFIER: { code: 26, meaning: "the kernel's verifier refused the program" },
  WEIR_LAYOUT: { code: 27, meaning: "the pinned maps have another layout" },
  WEIR_VERSION: { code: 28, meaning: "another version of weir attached it, in a form that this one cannot read" },
  WEIR_FILTER: { code: 29, meaning: "the expression of a filter has a mistake" },
  WEIR_NO_RULES: { code: 30, meaning: "weir has no rules on the interface" },
  WEIR_GUARD: { code: 31, meaning: "the rules would cut off whoever applies them, or drop more than --most allows" },
  WEIR_UNCONFIRMED: { code: 32, meaning: "the rules on the interface wait to be confirmed" },
};

/** A failure that weir has no name for: a defect of weir. */
export const DEFECT: ExitCode = { code: 70, meaning: "a defect of weir; please report it" };
export const INTERRUPTED: ExitCode = { code: 130, meaning: "interrupted by Ctrl-C or SIGTERM before it was done" };

/** Every exit code once, in ascending order, as the help and the documentation list them. */
export function exitCodeTable(): ExitCode[] {
  const all = [SUCCESS, FINDING, ...Object.values(FAILURES), DEFECT, INTERRUPTED];
  return [...new Map(all.map((exit) => [exit.code, exit])).values()];
}
