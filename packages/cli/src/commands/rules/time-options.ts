import { type Command, Option } from "commander";

/** When a rule holds, as a rules file says it. */
export interface TimeFlags {
  readonly ttl?: string;
  readonly from?: string;
  readonly until?: string;
}

/** Adds the options that say when a rule holds. */
export function addTimeOptions(command: Command): Command {
  return command
    .addOption(new Option("--ttl <time>", "how long it holds, as in 90s, 30m, 1h or 7d"))
    .addOption(new Option("--from <moment>", "from when on it holds, as in 2027-01-31T18:00:00Z"))
    .addOption(new Option("--until <moment>", "until when it holds"));
}

/** What a rule has of them. */
export function timesOf({ ttl, from, until }: TimeFlags): TimeFlags {
  return {
    ...(ttl !== undefined && { ttl }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  };
}
