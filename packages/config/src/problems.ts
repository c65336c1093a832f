import { type Document, isMap, isNode, type LineCounter, type Node } from "yaml";
import type * as z from "zod";
import type { ConfigProblem } from "./config-error.ts";
import type { SchemaNode } from "./json-schema.ts";
import { knownKeys } from "./known-keys.ts";

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** A parsed file, and what is needed to find places in it. */
export interface ParsedFile {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly data: unknown;
}

/** The node at a path, or the last one on the way to it. */
export function nodeAt({ document }: ParsedFile, path: Path): Node | undefined {
  return nearestNode(document, path);
}

/** The problems that a schema found, each with its place in the file. */
export function problemsOf(issues: readonly Issue[], file: ParsedFile, schema: SchemaNode): ConfigProblem[] {
  return issues.flatMap((issue) => problemOf(issue, file, schema));
}

function problemOf(issue: Issue, file: ParsedFile, schema: SchemaNode): ConfigProblem[] {
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, issue.path);
    const others = Object.keys(valueAt(file.data, issue.path) ?? {}).filter((key) => !issue.keys.includes(key));
    return issue.keys.map((key) => ({
      ...placeOf(keyNode(file.document, issue.path, key), file),
      path: pathText(issue.path),
      // Of several things that may stand here another one has it.
      message: known.includes(key)
        ? `"${key}" does not go with ${others.map((other) => `"${other}"`).join(", ")}`
        : `unknown key "${key}"; known here: ${known.join(", ")}`,
    }));
  }
  const nested = issue.code === "invalid_union" ? bestAlternative(issue.errors) : undefined;
  if (nested)
    return nested.flatMap((inner) => problemOf({ ...inner, path: [...issue.path, ...inner.path] }, file, schema));
  const value = valueAt(file.data, issue.path);
  return [
    {
      ...placeOf(nearestNode(file.document, issue.path), file),
      path: pathText(issue.path),
      message: value === undefined ? "is missing" : `${issue.message}${found(issue, value)}`,
    },
  ];
}

/** Of several things that a value may be, the one that it was meant to be: the one whose mistakes lie deepest. */
function bestAlternative(errors: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (issues: readonly Issue[]) =>
    Math.max(...issues.map(({ path, code }) => path.length + (code === "unrecognized_keys" ? 1 : 0)));
  const deepest = errors.filter((issues) => issues.length > 0).toSorted((a, b) => depth(b) - depth(a))[0];
  return deepest !== undefined && depth(deepest) > 0 ? deepest : undefined;
}

/** What stands there, when the message does not say it and it is short. */
function found({ code }: Issue, value: unknown): string {
  if (code === "custom" || code === "invalid_type") return "";
  const text = typeof value === "object" && value !== null ? undefined : JSON.stringify(value);
  return text === undefined || text.length > 60 ? "" : `, found ${text}`;
}

/** As in `backends[2].weight`. */
export function pathText(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

function nearestNode(document: Document, path: Path): Node | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node;
  }
  return document.contents ?? undefined;
}

function keyNode(document: Document, path: Path, key: string): Node | undefined {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(map) ? map.items.find((item) => isNode(item.key) && String(item.key) === key) : undefined;
  return isNode(pair?.key) ? pair.key : nearestNode(document, path);
}

function placeOf(node: Node | undefined, { lines }: ParsedFile): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
