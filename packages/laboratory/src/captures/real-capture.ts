import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { requirePath } from "../requirements/require.ts";
import { connectionsFrom, type Truth } from "./truth.ts";

/** A folder beside the repository. */
const FOLDER = resolve(import.meta.dirname, "../../../../../shared/captures");

/** A capture made by others, with what is in it counted by others. */
export interface RealCapture {
  readonly name: string;
  readonly path: string;
  /** What is known of each frame; `frameTruths` reads it. */
  readonly framesPath: string;
  /** For example `pcap-be-us` or `pcapng-le`, whatever the file's name says. */
  readonly format: string;
  /** Whether libpcap reads the file, so that tcpreplay does. */
  readonly libpcapReads: boolean;
  /** Has more counters than the monitor, and not all of the monitor's. */
  readonly truth: Truth;
}

/** How the folder's own README describes a capture. */
interface Entry {
  readonly file: string;
  readonly frames_file: string;
  readonly format: string;
  readonly libpcap_reads: boolean;
  readonly counters: Readonly<Record<string, number>>;
  readonly connections: readonly (readonly (string | number)[])[];
}

/** Says why tests with real captures must be left out, or `undefined` when the captures are there. */
export function missingCaptures(): string | undefined {
  return requirePath(FOLDER, "put the captures beside the repository, as ../shared/captures");
}

/** All of them; none when they are not there. */
export function realCaptures(): readonly RealCapture[] {
  if (missingCaptures() !== undefined) return [];
  // The folder's README describes this shape.
  const { captures } = JSON.parse(readFileSync(join(FOLDER, "truth.json"), "utf8")) as { captures: Entry[] };
  return captures.map((entry) => ({
    name: entry.file.replace("pcaps/", ""),
    path: join(FOLDER, entry.file),
    framesPath: join(FOLDER, entry.frames_file),
    format: entry.format,
    libpcapReads: entry.libpcap_reads,
    truth: { counters: entry.counters, connections: connectionsFrom(entry.connections) },
  }));
}
