import type { Connection, DecidedFrame, Replay, RulesReplay } from "@weir/engine";
import { toJson } from "@weir/engine/json";
import type { Session } from "../session.ts";
import { write } from "../session.ts";
import type { WatchReporter } from "./watch-reporter.ts";

/** The result of a replay, in the shape that the documentation gives. */
export function replayJson(replay: Replay): string {
  return toJson(replayFields(replay));
}

/**
 * The same with what rules did.
 *
 * @param decided all frames, where they are asked for: in the place of their number
 */
export function rulesReplayJson(replay: RulesReplay, decided: readonly DecidedFrame[] | undefined): string {
  const { frames, monitor, refusal, rules, default: byDefault, passed, dropped } = replay;
  return toJson({
    ...(monitor === undefined ? { frames } : replayFields(monitor)),
    ...{ rules, default: byDefault, passed, dropped },
    withoutKernel: refusal?.message,
    ...(decided === undefined ? {} : { frames: decided }),
  });
}

function replayFields({ frames, skipped, verdicts, counters, sampling, identity, connections, tracked }: Replay) {
  return {
    frames,
    skipped,
    verdicts,
    counters,
    sampling,
    identity,
    tracked,
    connections: connections.map(countedConnection),
  };
}

function countedConnection(connection: Connection): Partial<Connection> {
  const { protocol, source, sourcePort, destination, destinationPort, packets, bytes, kind, standardError } =
    connection;
  const counted = { protocol, source, sourcePort, destination, destinationPort, packets, bytes, kind };
  return standardError === undefined ? counted : { ...counted, standardError };
}

/** One line per interval and interface, for programs. */
export function jsonReporter({ output, errors, signal }: Session): WatchReporter {
  return {
    begin: async () => {},
    show: (snapshots) => write(output, snapshots.map((snapshot) => `${toJson(snapshot)}\n`).join(""), signal),
    tell: (line) => void errors.write(`${line}\n`),
    end: async () => {},
  };
}
