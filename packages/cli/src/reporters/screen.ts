import type { Snapshot } from "@weir/engine";
import { type Session, write } from "../session.ts";
import { ENTER_SCREEN, frame, LEAVE_SCREEN, rowsOf } from "../text/frame.ts";
import { lookOf } from "./look.ts";
import { snapshotTable } from "./table.ts";
import type { WatchReporter } from "./watch-reporter.ts";

/** Redraws a table in the terminal, and leaves the last one behind as ordinary text. */
export function screenReporter(session: Session): WatchReporter {
  const { output, signal } = session;
  let shown: readonly Snapshot[] = [];
  const draw = () => write(output, windowful(shown, session), signal);
  const redraw = () => void draw();
  return {
    async begin(first) {
      await write(output, ENTER_SCREEN, signal);
      output.on("resize", redraw);
      shown = first();
      await draw();
    },
    async show(snapshots) {
      shown = snapshots;
      await draw();
    },
    async end() {
      output.off("resize", redraw);
      output.write(`${LEAVE_SCREEN}${tables(shown, session).join("\n")}\n`);
    },
  };
}

function windowful(snapshots: readonly Snapshot[], session: Session): string {
  const { columns, style } = lookOf(session);
  return frame(tables(snapshots, session), style("dim", "Ctrl-C ends"), rowsOf(session), columns);
}

function tables(snapshots: readonly Snapshot[], session: Session): string[] {
  const look = lookOf(session);
  return snapshots.flatMap((snapshot, index) => [...(index > 0 ? [""] : []), ...snapshotTable(snapshot, look)]);
}
