import type { Connection, Rates, Snapshot, Steering } from "@weir/engine";
import { type Session, write } from "../session.ts";
import { printable } from "../text/printable.ts";
import { destinationText, protocolText, sourceText } from "./endpoint.ts";
import { samplingWords } from "./sampling.ts";
import type { WatchReporter } from "./watch-reporter.ts";

/** Lines for pipes: each says when and where, numbers are exact, and words are separated by single spaces. */
export function snapshotLines(snapshot: Snapshot): string[] {
  const { counters, rates, connections, tracked, mode, attached, sampling, steering, earlier } = snapshot;
  const start = `${snapshot.time.toISOString()} ${printable(snapshot.interface)}`;
  const total = `${numbers({ packets: counters.frames, bytes: counters.bytes, ...rates })} connections ${tracked} overflow ${counters.overflow}`;
  const sampled = samplingWords(sampling, counters.sampled_out);
  return [
    `${start} total ${total}${sampled} mode ${mode}${attached ? "" : " removed"}`,
    ...(earlier === undefined ? [] : [`${start} earlier packets ${earlier.packets} bytes ${earlier.bytes}`]),
    ...steeringLines(start, steering),
    ...connections.map((connection) => {
      const name = `${protocolText(connection).replace(" ", "-")} ${sourceText(connection)} > ${destinationText(connection)}`;
      return `${start} ${name} ${numbers(connection)}`;
    }),
  ];
}

function steeringLines(start: string, steering: Steering | undefined): string[] {
  if (steering === undefined) return [];
  const { kind, passed, targets } = steering;
  const told = (count: bigint | null) => count ?? "unknown";
  return [
    `${start} passed packets ${passed.packets} bytes ${passed.bytes}`,
    ...targets.map((target) => {
      const name = kind === "cpus" ? `cpu ${target.target}` : `to ${printable(String(target.target))}`;
      const { packets, bytes, delivered, dropped, errors, outstanding, absent } = target;
      return `${start} ${name} packets ${packets} bytes ${bytes} delivered ${told(delivered)} dropped ${told(dropped)} errors ${told(errors)} outstanding ${told(outstanding)} absent ${absent}`;
    }),
  ];
}

type Numbers = Pick<Connection, "packets" | "bytes" | "standardError"> & Rates;

/** With `~` before each estimate, and its standard error behind it. */
function numbers({ packets, bytes, packetsPerSecond, bytesPerSecond, standardError }: Numbers): string {
  const perSecond = [packetsPerSecond.toFixed(1), bytesPerSecond.toFixed(1)];
  if (standardError === undefined) {
    return `packets ${packets} bytes ${bytes} packets/s ${perSecond[0]} bytes/s ${perSecond[1]}`;
  }
  const error = (value: number) => `±${value.toFixed(1)}`;
  return (
    `packets ~${packets} ${error(standardError.packets)} bytes ~${bytes} ${error(standardError.bytes)} ` +
    `packets/s ~${perSecond[0]} bytes/s ~${perSecond[1]}`
  );
}

/** What `watch` prints where nobody can look at a redrawn table. */
export function linesReporter({ output, errors, signal }: Session): WatchReporter {
  return {
    begin: async () => {},
    show: (snapshots) =>
      write(
        output,
        snapshots
          .flatMap(snapshotLines)
          .map((line) => `${line}\n`)
          .join(""),
        signal,
      ),
    tell: (line) => void errors.write(`${line}\n`),
    end: async () => {},
  };
}
