import type { Session } from "../session.ts";
import { clip } from "./wrap.ts";

// The alternate screen keeps what the user had in the window; synchronized output draws without flicker where it is known.
export const ENTER_SCREEN = "\x1b[?1049h\x1b[?25l";
export const LEAVE_SCREEN = "\x1b[?25h\x1b[?1049l";
const [BEGIN_FRAME, END_FRAME] = ["\x1b[?2026h\x1b[H", "\x1b[J\x1b[?2026l"];
const CLEAR_REST_OF_LINE = "\x1b[K";

/** How many lines the window has, the last of which says how to leave. */
export function rowsOf({ output }: Pick<Session, "output">): number {
  return Math.max(2, output.rows ?? 24);
}

/** What fills the window once: as many lines as fit, and a last one. */
export function frame(lines: readonly string[], last: string, rows: number, columns: number): string {
  const fitting = lines.length < rows ? lines : [...lines.slice(0, rows - 2), "…"];
  return [
    BEGIN_FRAME,
    ...fitting.map((line) => `${clip(line, columns)}${CLEAR_REST_OF_LINE}\n`),
    `${last}${CLEAR_REST_OF_LINE}`,
    END_FRAME,
  ].join("");
}
