import type { Snapshot } from "@weir/engine";
import { type Session, write } from "../session.ts";
import { clip } from "../text/wrap.ts";
import { lookOf } from "./look.ts";
import { snapshotTable } from "./table.ts";
import type { WatchReporter } from "./watch-reporter.ts";

// The alternate screen keeps what the user had in the window; synchronized output draws without flicker where it is known.
const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";
const [BEGIN_FRAME, END_FRAME] = ["\x1b[?2026h\x1b[H", "\x1b[J\x1b[?2026l"];
const CLEAR_REST_OF_LINE = "\x1b[K";

/** Redraws a table in the terminal, and leaves the last one behind as ordinary text. */
export function screenReporter(session: Session): WatchReporter {
  const { output, signal } = session;
  let shown: readonly Snapshot[] = [];
  const draw = () => write(output, frame(shown, session), signal);
  const redraw = () => void draw();
  return {
    async begin(first) {
      await write(output, ENTER, signal);
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
      output.write(`${LEAVE}${tables(shown, session).join("\n")}\n`);
    },
  };
}

/** What fills the window once: as many lines as it has, the last one saying how to leave. */
function frame(snapshots: readonly Snapshot[], session: Session): string {
  const { columns, style } = lookOf(session);
  const rows = Math.max(2, session.output.rows ?? 24);
  const lines = tables(snapshots, session);
  const fitting = lines.length < rows ? lines : [...lines.slice(0, rows - 2), style("dim", "…")];
  return [
    BEGIN_FRAME,
    ...fitting.map((line) => `${clip(line, columns)}${CLEAR_REST_OF_LINE}\n`),
    `${style("dim", "Ctrl-C ends")}${CLEAR_REST_OF_LINE}`,
    END_FRAME,
  ].join("");
}

function tables(snapshots: readonly Snapshot[], session: Session): string[] {
  const look = lookOf(session);
  return snapshots.flatMap((snapshot, index) => [...(index > 0 ? [""] : []), ...snapshotTable(snapshot, look)]);
}
