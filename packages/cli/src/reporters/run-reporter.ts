import type { Diagnostic } from "@weir/compiler";
import type { MapContents, Replacement, RunningProgram, WrittenRecord } from "@weir/engine/development";
import { toJson } from "@weir/engine/json";
import { type Session, write } from "../session.ts";
import { ENTER_SCREEN, frame, LEAVE_SCREEN, rowsOf } from "../text/frame.ts";
import { printable, printableLines } from "../text/printable.ts";
import { plural } from "../text/units.ts";
import { diagnosticObject } from "./diagnostics.ts";
import { type Look, lookOf } from "./look.ts";
import { mapTables } from "./map-table.ts";
import { valueText } from "./value-text.ts";

/** A line that a program has printed. */
interface Printed {
  readonly cpu: number;
  readonly task: string;
  readonly text: string;
}

/** What happens while programs run. */
export type RunEvent =
  | {
      readonly event: "attached";
      readonly milliseconds: number;
      readonly programs: readonly RunningProgram[];
      /** Why it is not known what they print. */
      readonly traceProblem?: string;
    }
  | { readonly event: "trace"; readonly lines: readonly Printed[] }
  | { readonly event: "records"; readonly records: readonly WrittenRecord[] }
  | {
      readonly event: "maps";
      readonly maps: readonly MapContents[];
      /** What iterators write, by the program's name. */
      readonly texts: ReadonlyMap<string, string>;
    }
  /** Lines that were printed, and not seen. */
  | { readonly event: "lost"; readonly lines: number }
  | ({ readonly event: "replaced"; readonly milliseconds: number; readonly traceProblem?: string } & Replacement)
  | { readonly event: "mistakes"; readonly diagnostics: readonly Diagnostic[]; readonly text: string }
  | { readonly event: "refused"; readonly message: string };

/** Shows it. */
export interface RunReporter {
  begin(): Promise<void>;
  show(event: RunEvent): Promise<void>;
  /** Leaves the terminal as it was; called also after a failure. */
  end(): Promise<void>;
}

/** JSON lines for programs, a window that is redrawn in a terminal, lines in a pipe. */
export function runReporter(session: Session, json: boolean): RunReporter {
  if (json) return jsonLines(session);
  return session.output.isTTY ? screen(session) : lines(session);
}

function jsonLines({ output, signal }: Session): RunReporter {
  return {
    begin: async () => {},
    show: (event) =>
      write(
        output,
        eventObjects(event)
          .map((object) => `${toJson(object)}\n`)
          .join(""),
        signal,
      ),
    end: async () => {},
  };
}

/** The objects that stand for an event: one for each line that was printed, one for all else. */
function eventObjects(event: RunEvent): object[] {
  const time = new Date().toISOString();
  switch (event.event) {
    case "trace":
      return event.lines.map(({ cpu, task, text }) => ({ time, event: "trace", cpu, task, text }));
    case "records":
      return event.records.map(({ map, bytes, decoded }) => {
        return { time, event: "record", map, bytes: [...bytes], ...(decoded && { value: plain(decoded.value) }) };
      });
    case "maps": {
      const maps = Object.fromEntries(event.maps.map((map) => [map.name, mapObject(map)]));
      return [{ time, event: "maps", maps, ...(event.texts.size > 0 && { texts: Object.fromEntries(event.texts) }) }];
    }
    case "mistakes":
      return [{ time, event: "mistakes", diagnostics: event.diagnostics.map(diagnosticObject) }];
    default:
      return [{ time, ...event }];
  }
}

function mapObject(map: MapContents): object {
  if (map.kind === "variables") {
    return Object.fromEntries(map.variables.map(({ name, value }) => [name, plain(value)]));
  }
  if (map.kind === "closed") return { type: map.type };
  const entries = map.entries.map(({ key, value, cpus }) => ({
    key: plain(key),
    value: plain(value),
    ...(cpus !== undefined && { cpus: cpus.map(plain) }),
  }));
  return { type: map.type, capacity: map.capacity, total: map.total, entries };
}

/** Bytes as lists of numbers: JSON would make objects of them. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

/** What there is to say of an event; undefined for data. */
function notice(event: RunEvent): string | undefined {
  switch (event.event) {
    case "attached":
      return [...event.programs.map(attachedText), ...traceProblem(event)].join("\n");
    case "replaced": {
      const fresh = event.fresh.length === 0 ? "" : `; these maps start anew: ${event.fresh.map(printable).join(", ")}`;
      const said = `replaced, compiled in ${Math.round(event.milliseconds)} ms${fresh}`;
      return [said, ...traceProblem(event)].join("\n");
    }
    case "lost":
      return `${plural(event.lines, "printed line")} came faster than they were read, and were lost`;
    case "mistakes":
      return printableLines(event.text.trimEnd());
    case "refused":
      return printableLines(event.message);
    default:
      return undefined;
  }
}

const traceProblem = ({ traceProblem: problem }: { readonly traceProblem?: string }): string[] =>
  problem === undefined ? [] : [`what they print is not shown: ${printableLines(problem)}`];

function attachedText({ name, id, place, fallback }: RunningProgram): string {
  const why = fallback === undefined ? "" : `\n  mode drv is not possible: ${printableLines(fallback.answer)}`;
  return `${printable(name)} (id ${id}) runs on ${printable(place)}${why}`;
}

function traceText({ cpu, text }: Printed): string {
  return `cpu ${cpu}: ${printable(text)}`;
}

function recordText({ map, bytes, decoded }: WrittenRecord): string {
  if (decoded !== undefined) return `${printable(map)}: ${valueText(decoded.layout, decoded.value, true)}`;
  const words = Array.from({ length: Math.ceil(bytes.length / 4) }, (_, index) =>
    Buffer.from(bytes.subarray(index * 4, index * 4 + 4)).toString("hex"),
  );
  return `${printable(map)}: ${words.join(" ")}`;
}

/** What events in a row are shown as, one line each; undefined for others. */
function streamed(event: RunEvent): string[] | undefined {
  if (event.event === "trace") return event.lines.map(traceText);
  return event.event === "records" ? event.records.map(recordText) : undefined;
}

/** What maps hold, and what iterators write. */
function contentLines(maps: readonly MapContents[], texts: ReadonlyMap<string, string>, look: Look): string[] {
  const written = [...texts].flatMap(([name, text]) => [
    look.style("bold", printable(name)),
    ...printableLines(text.trimEnd()).split("\n"),
  ]);
  const tables = mapTables(maps, look);
  return [...tables, ...(tables.length > 0 && written.length > 0 ? [""] : []), ...written];
}

function lines(session: Session): RunReporter {
  const { output, errors, signal } = session;
  return {
    begin: async () => {},
    async show(event) {
      const said = notice(event);
      if (said !== undefined) errors.write(`weir: ${said}\n`);
      const stream = streamed(event);
      if (stream !== undefined) await write(output, stream.map((line) => `${line}\n`).join(""), signal);
      if (event.event === "maps") {
        const tables = contentLines(event.maps, event.texts, lookOf(session));
        if (tables.length === 0) return;
        await write(output, `${new Date().toISOString()}\n${tables.join("\n")}\n\n`, signal);
      }
    },
    end: async () => {},
  };
}

/** Printed lines that a window keeps. */
const KEPT = 500;

function screen(session: Session): RunReporter {
  const { output, signal } = session;
  let title = "";
  let said = "";
  let maps: readonly MapContents[] = [];
  let texts: ReadonlyMap<string, string> = new Map();
  const printed: string[] = [];
  const content = (rows: number): string[] => {
    const look = lookOf(session);
    const tables = contentLines(maps, texts, look);
    const above = [look.style("cyan", title), ...(said === "" ? [] : said.split("\n")), "", ...tables];
    const room = Math.max(3, rows - above.length - 3);
    return [...above, ...(printed.length === 0 ? [] : ["", ...printed.slice(-room)])];
  };
  const draw = () => {
    const { columns, style } = lookOf(session);
    const rows = rowsOf(session);
    return write(output, frame(content(rows), style("dim", "Ctrl-C ends"), rows, columns), signal);
  };
  const redraw = () => void draw();
  return {
    async begin() {
      await write(output, ENTER_SCREEN, signal);
      output.on("resize", redraw);
    },
    async show(event) {
      const text = notice(event);
      if (event.event === "attached") title = (text ?? "").replaceAll("\n", "  ");
      else if (text !== undefined) said = text;
      printed.push(...(streamed(event) ?? []));
      printed.splice(0, printed.length - KEPT);
      if (event.event === "maps") ({ maps, texts } = event);
      await draw();
    },
    async end() {
      output.off("resize", redraw);
      output.write(`${LEAVE_SCREEN}${content(Number.POSITIVE_INFINITY).join("\n")}\n`);
    },
  };
}
