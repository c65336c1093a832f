import type { PinnedMonitor, PinProblem, Status } from "@weir/engine";
import { tableLines } from "../text/columns.ts";
import { printable, printableLines } from "../text/printable.ts";
import { formatCount, formatDuration } from "../text/units.ts";
import type { Look } from "./look.ts";

/** Where weir is attached. */
export function statusTable({ attached, unreadable, removed, problems }: Status, look: Look): string[] {
  const gone = removed.map(
    (pins) => `Removed what was left of ${printable(pins.interface)}: ${printable(pins.reason)}`,
  );
  const others = unreadable.map(
    ({ interface: name, mode, by, programId, version, directory }) =>
      `${printable(name)}: another weir attached program ${programId} in mode ${mode} by ${by}, with settings ` +
      `${version === undefined ? "that are not found" : `of version ${version}`}, pinned in ${printable(directory)}.`,
  );
  const wrong = problems.flatMap((problem) => look.style("yellow", problemText(problem)).split("\n"));
  if (attached.length === 0)
    return [...gone, ...wrong, ...others, ...(others.length > 0 ? [] : ["weir is attached to no interface."])];
  // Few monitors sample, are held by netlink, or are one of several programs: the columns are for them alone.
  const byNetlink = attached.some(({ by }) => by === "netlink");
  const samples = attached.some(({ sample }) => sample !== undefined);
  const shares = attached.some(({ shared }) => shared !== undefined);
  const { titles, rows } = tableLines([
    { title: "INTERFACE", align: "left", cells: attached.map((each) => printable(each.interface)) },
    { title: "MODE", align: "left", cells: attached.map(({ mode }) => mode) },
    ...(byNetlink ? [{ title: "BY", align: "left" as const, cells: attached.map(({ by }) => by) }] : []),
    { title: "PROGRAM", align: "right", cells: attached.map(({ programId }) => String(programId)) },
    { title: "UP", align: "right", cells: attached.map(({ seconds }) => formatDuration(seconds)) },
    { title: "CONNECTIONS", align: "right", cells: attached.map(({ capacity }) => formatCount(capacity)) },
    { title: "IDLE", align: "right", cells: attached.map(({ idle }) => (idle === 0 ? "never" : `${idle} s`)) },
    ...(samples
      ? [{ title: "SAMPLE", align: "left" as const, cells: attached.map(({ sample }) => sample ?? "all") }]
      : []),
    ...(shares ? [{ title: "PLACE", align: "left" as const, cells: attached.map(placeCell) }] : []),
    { title: "PINNED IN", align: "left", cells: attached.map(({ directory }) => printable(directory)) },
  ]);
  return [...gone, ...wrong, ...others, look.style("dim", titles), ...rows];
}

/** What is wrong with a directory; the reason may have lines with what to do. */
export function problemText({ directory, reason }: PinProblem): string {
  return `Not as it should be in ${printable(directory)}: ${printableLines(reason)}`;
}

/** Which of the interface's programs it is. */
function placeCell({ shared }: PinnedMonitor): string {
  return shared === undefined ? "alone" : `${shared.position} of ${shared.programs.length}`;
}
