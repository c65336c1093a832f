import type { Snapshot } from "@weir/engine";
import { type Session, write } from "../session.ts";
import { ENTER_SCREEN, frame, LEAVE_SCREEN, rowsOf } from "../text/frame.ts";
import { printable } from "../text/printable.ts";
import { wrapWords } from "../text/wrap.ts";
import { lookOf } from "./look.ts";
import { snapshotTable } from "./table.ts";
import type { WatchReporter } from "./watch-reporter.ts";

/** News that the screen shows, and that are kept to be told when it is gone. */
const SHOWN_NEWS = 3;
const KEPT_NEWS = 100;

/** Redraws a table in the terminal, and leaves the last one behind as ordinary text. */
export function screenReporter(session: Session): WatchReporter {
  const { output, signal } = session;
  let shown: readonly Snapshot[] = [];
  let gone: readonly string[] = [];
  const news: string[] = [];
  let isOn = false;
  const draw = () => {
    // First, because a long table is cut.
    const content = [...notes(gone, news.slice(-SHOWN_NEWS), session), ...tables(shown, session)];
    return write(output, windowful(content, session), signal);
  };
  const redraw = () => void draw();
  return {
    async begin(first) {
      await write(output, ENTER_SCREEN, signal);
      isOn = true;
      output.on("resize", redraw);
      shown = first();
      await draw();
    },
    async show(snapshots, awaited = []) {
      shown = snapshots;
      gone = awaited;
      await draw();
    },
    tell(line) {
      news.push(line);
      if (news.length > KEPT_NEWS) news.shift();
      if (isOn) redraw();
    },
    async end() {
      output.off("resize", redraw);
      isOn = false;
      output.write(`${LEAVE_SCREEN}${tables(shown, session).join("\n")}\n`);
      for (const line of news) session.errors.write(`${line}\n`);
    },
  };
}

function windowful(content: readonly string[], session: Session): string {
  const { columns, style } = lookOf(session);
  return frame(content, style("dim", "Ctrl-C ends"), rowsOf(session), columns);
}

function tables(snapshots: readonly Snapshot[], session: Session): string[] {
  const look = lookOf(session);
  return snapshots.flatMap((snapshot, index) => [...(index > 0 ? [""] : []), ...snapshotTable(snapshot, look)]);
}

/** What is not there, and what has happened. */
function notes(gone: readonly string[], news: readonly string[], session: Session): string[] {
  const { columns, style } = lookOf(session);
  const absent = gone.map((name) => `No interface ${printable(name)} now; it is watched as soon as there is one.`);
  const lines = [...absent.map((line) => [line, "yellow"] as const), ...news.map((line) => [line, "dim"] as const)];
  const shown = lines.flatMap(([line, emphasis]) => wrapWords(line, columns).map((part) => style(emphasis, part)));
  return shown.length === 0 ? [] : [...shown, ""];
}
