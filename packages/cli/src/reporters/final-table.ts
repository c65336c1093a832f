import type { Snapshot } from "@weir/engine";
import type { Session } from "../session.ts";
import { lookOf } from "./look.ts";
import { snapshotTable } from "./table.ts";
import type { WatchReporter } from "./watch-reporter.ts";

/** Prints the last table alone: for what ends by itself and is read afterwards. */
export function finalTableReporter(session: Session): WatchReporter {
  let shown: readonly Snapshot[] = [];
  return {
    begin: async () => {},
    show: async (snapshots) => {
      shown = snapshots;
    },
    tell: (line) => void session.errors.write(`${line}\n`),
    end: async () => {
      const lines = shown.flatMap((snapshot) => ["", ...snapshotTable(snapshot, lookOf(session))]);
      session.output.write(lines.map((line) => `${line}\n`).join(""));
    },
  };
}
