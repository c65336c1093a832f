import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ObjectSpec, readObject, writeObject } from "@weir/bytecode";
import { corpusName } from "./corpus.ts";

/** What a kernel wrote of the programs of a file, by their names; null where it took one. */
export type Logs = ReadonlyMap<string, readonly string[] | null>;

/** The kernels whose logs are in the repository. */
export const RECORDED_KERNELS = ["6.1", "6.12", "6.18"] as const;

const HEADING = "#### ";
const ACCEPTED = "accepted";
/** Of a log of megabytes the repository has the beginning and the end. */
const KEPT = { first: 60, last: 120 };

const place = (file: string, ending: string): string =>
  fileURLToPath(new URL(`../fixtures/refusals/${corpusName(file)}.${ending}`, import.meta.url));

/** The object that logs were recorded of. */
export function recordedObject(file: string): ObjectSpec {
  return readObject(readFileSync(place(file, "o")));
}

/** Keeps an object, and gives it as it will be read. */
export function recordObject(file: string, object: ObjectSpec): ObjectSpec {
  writeFileSync(place(file, "o"), writeObject(object));
  return recordedObject(file);
}

export function recordLogs(file: string, kernel: string, logs: Logs): void {
  const text = [...logs].flatMap(([name, lines]) => [
    `${HEADING}${name}${lines === null ? ` ${ACCEPTED}` : ""}`,
    ...(lines ?? []),
  ]);
  writeFileSync(place(file, `${kernel}.log`), `${text.join("\n")}\n`);
}

export function recordedLogs(file: string, kernel: string): Logs {
  const logs = new Map<string, string[] | null>();
  const path = place(file, `${kernel}.log`);
  if (!existsSync(path)) return logs;
  let current: string[] | null = null;
  for (const line of readFileSync(path, "utf8").trimEnd().split("\n")) {
    if (line.startsWith(HEADING)) {
      const [name = "", accepted] = line.slice(HEADING.length).split(" ");
      current = accepted === ACCEPTED ? null : [];
      logs.set(name, current);
    } else current?.push(line);
  }
  return logs;
}

/** A log as it is kept. */
export function shortened(lines: readonly string[]): readonly string[] {
  const left = lines.length - KEPT.first - KEPT.last;
  if (left <= 0) return lines;
  return [...lines.slice(0, KEPT.first), `; ${left} lines are left out here`, ...lines.slice(-KEPT.last)];
}
