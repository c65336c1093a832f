import type { Session } from "../session.ts";
import { colourStyle, plainStyle, type Style } from "../text/style.ts";

/** What a table has to fit into. */
export interface Look {
  readonly columns: number;
  readonly style: Style;
  /** Now, in nanoseconds of `CLOCK_MONOTONIC`, the clock of `lastSeen`. */
  readonly now: bigint;
}

/** A pipe has no width; what is read from a file or a mail is best kept to the width of a page. */
const PAGE = 100;

/** How tables look on the session's output: colour on terminals alone, and not where NO_COLOR (https://no-color.org) is set. */
export function lookOf({ output, environment }: Session): Look {
  const colour = output.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
  return {
    columns: Math.max(20, output.columns || PAGE),
    style: colour ? colourStyle : plainStyle,
    now: process.hrtime.bigint(),
  };
}
