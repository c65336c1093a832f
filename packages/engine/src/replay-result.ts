import type { Connection } from "./connection.ts";
import type { Counters } from "./counters.ts";
import type { Identity } from "./identity.ts";
import type { Sampling } from "./sampling.ts";

/** What an XDP program can answer; `"other"` is any number without a name. */
export type Verdict = "aborted" | "drop" | "pass" | "tx" | "redirect" | "other";

/** What the program counted in the frames of a capture file. */
export interface Replay {
  /** Frames given to the program. */
  readonly frames: number;
  /** Frames that cannot be given to an XDP program: shorter than an Ethernet header, or longer than the kernel takes. */
  readonly skipped: { readonly tooShort: number; readonly tooLong: number };
  /** How many frames got which answer. */
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly counters: Counters;
  /** Undefined where everything is counted in connections. */
  readonly sampling: Sampling | undefined;
  readonly identity: Identity;
  readonly connections: readonly Connection[];
  /** How many connections there are, also those beyond the limit. */
  readonly tracked: number;
}
