/** Captures made by others, with what is in them counted by others: a folder beside the repository. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { requirePath } from "@weir/testing";

const FOLDER = resolve(import.meta.dirname, "../../../../shared/captures");

/** Protocol, source, its port, destination, its port, kind, packets, bytes. */
type Row = readonly [number, string, number, string, number, string, number, number];

export interface RealCapture {
  /** Relative to the folder. */
  readonly file: string;
  /** Whether libpcap reads the file, so that tcpreplay does. */
  readonly libpcap_reads: boolean;
  /** Bytes of the shortest and of the longest frame. */
  readonly min_frame: number;
  readonly max_frame: number;
  readonly counters: Readonly<Record<string, number>>;
  readonly connections: readonly Row[];
}

/** Why the tests with real captures are left out, or undefined. */
export function missingCaptures(): string | undefined {
  return requirePath(FOLDER, "put the captures beside the repository, as ../shared/captures");
}

export function realCaptures(): readonly RealCapture[] {
  if (missingCaptures() !== undefined) return [];
  // The file's own README describes this shape.
  return (JSON.parse(readFileSync(join(FOLDER, "truth.json"), "utf8")) as { captures: RealCapture[] }).captures;
}

export function pathOf({ file }: RealCapture): string {
  return join(FOLDER, file);
}
