import { closeSync, openSync, readSync, statSync } from "node:fs";
import { type Document, isScalar, LineCounter, parseDocument, type Scalar, visit } from "yaml";
import type * as z from "zod";
import { ConfigError } from "./config-error.ts";
import { jsonSchema } from "./json-schema.ts";
import { type ConfigPlace, placeWithin } from "./place.ts";
import { nodeAt, problemsOf } from "./problems.ts";

const SEVERAL = "here begins a second document, and a configuration is one";
const MEBIBYTE = 1024 * 1024;
/** Bytes: tens of thousands of backends. */
const LARGEST = 4 * MEBIBYTE;

/**
 * Reads a configuration file of at most 4 MiB and checks it.
 *
 * @example
 * ```ts
 * const schema = z.strictObject({ interfaces: z.array(z.string()) });
 * readConfig("weir.yaml", schema).interfaces; // ["eth0"]
 * ```
 * @throws {ConfigError} `WEIR_FILE`, `WEIR_CONFIG` with every problem that was found and its place
 */
export function readConfig<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  return parseConfig(textOf(file), file, schema);
}

/**
 * The same as {@link readConfig}, for those who find more mistakes in it than a schema can.
 *
 * @example
 * ```ts
 * const { data, placeOf } = readPlacedConfig("weir.yaml", z.strictObject({ listen: z.string() }));
 * placeOf(["listen"], 4); // the line and column of the fifth character of what `listen` says
 * ```
 * @throws {ConfigError} `WEIR_FILE`, `WEIR_CONFIG`
 */
export function readPlacedConfig<Schema extends z.ZodType>(file: string, schema: Schema): PlacedConfig<Schema> {
  return parsePlacedConfig(textOf(file), file, schema);
}

function textOf(file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readAtMost(file, LARGEST));
  } catch (error) {
    throw ConfigError.unreadable(file, error);
  }
}

/**
 * The same for text that is there already.
 *
 * @example
 * ```ts
 * parseConfig("top: 10", "standard input", z.strictObject({ top: z.int() })); // { top: 10 }
 * ```
 * @param file what messages call it
 * @throws {ConfigError} `WEIR_CONFIG`
 */
export function parseConfig<Schema extends z.ZodType>(text: string, file: string, schema: Schema): z.output<Schema> {
  return parsePlacedConfig(text, file, schema).data;
}

/** What a configuration says, and where it says that. */
export interface PlacedConfig<Schema extends z.ZodType> {
  readonly data: z.output<Schema>;
  /**
   * Where something stands.
   *
   * @param path      as in `["rules", 2, "match"]`; of what is not there, the place of what it would be in
   * @param character index within a string, for its place in the line if it can be told
   */
  readonly placeOf: (path: readonly PropertyKey[], character?: number) => ConfigPlace;
}

/**
 * The same as {@link readPlacedConfig}, for text that is there already.
 *
 * @example
 * ```ts
 * parsePlacedConfig("top: 10", "standard input", z.strictObject({ top: z.int() })).placeOf(["top"]); // line 1, column 6
 * ```
 * @throws {ConfigError} `WEIR_CONFIG`
 */
export function parsePlacedConfig<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
): PlacedConfig<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: "1.2" });
  // What is said behind the first one is mostly its consequence.
  const [broken] = [...document.errors, ...document.warnings].sort((one, other) => one.pos[0] - other.pos[0]);
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0]);
    const message = broken.code === "MULTIPLE_DOCS" ? SEVERAL : `${broken.message}${hintFor(broken.message)}`;
    throw ConfigError.wrong(file, [{ line, column: col, path: "", message }]);
  }
  refuseMisread(document, file, lines);
  const data: unknown = toData(document, file);
  if (data === null)
    throw ConfigError.wrong(file, [{ line: 1, column: 1, path: "", message: "there is nothing in it" }]);
  const result = schema.safeParse(data);
  const parsed = { document, lines, data };
  if (!result.success) throw ConfigError.wrong(file, problemsOf(result.error.issues, parsed, jsonSchema(schema)));
  return {
    data: result.data,
    placeOf: (path, character) => placeWithin(nodeAt(parsed, path), character, text, lines),
  };
}

/** What would be taken for something else without a word. */
function refuseMisread(document: Document, file: string, lines: LineCounter): void {
  const refuse = ({ range }: Scalar, message: string): never => {
    const { line, col } = lines.linePos(range?.[0] ?? 0);
    throw ConfigError.wrong(file, [{ line, column: col, path: "", message }]);
  };
  visit(document, {
    Pair(_, { key }) {
      // In an object of JavaScript it would be no key, and what it has would be lost.
      if (isScalar(key) && key.value === "__proto__") refuse(key, '"__proto__" cannot be a name here');
    },
    Scalar(_, scalar) {
      const { value, source = "" } = scalar;
      if (typeof value !== "number" || !/^[-+]?0\d/.test(source)) return;
      // YAML 1.1 reads 010 as 8, and 1.2 as 10.
      refuse(scalar, `${source} begins with a zero: write the number without it, or the text in quotes`);
    },
  });
}

/** Expressions of filters are full of what means something in YAML. */
function hintFor(message: string): string {
  return /at node end|Unexpected .* in YAML stream/.test(message)
    ? "; text with brackets, braces, commas, &, *, ! or a colon in it stands between quotes"
    : "";
}

/** All of a file that is not larger. `/dev/zero` has no end, and a slip of the keyboard may name a disk. */
function readAtMost(file: string, largest: number): Uint8Array {
  // Opening one waits for somebody who writes to it, and no signal ends that. A shell's `<(…)` has a writer, and such a name.
  if (statSync(file).isFIFO() && !/^\/(dev|proc\/self)\/(fd\/|stdin)/.test(file)) throw new Error("it is a named pipe");
  const buffer = new Uint8Array(largest + 1);
  const descriptor = openSync(file, "r");
  try {
    let length = 0;
    while (length < buffer.length) {
      const read = readSync(descriptor, buffer, length, buffer.length - length, null);
      if (read === 0) return buffer.subarray(0, length);
      length += read;
    }
  } finally {
    closeSync(descriptor);
  }
  throw new Error(`it has more than ${largest / MEBIBYTE} MiB`);
}

/** Aliases that multiply are refused only now. */
function toData(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw ConfigError.wrong(file, [{ line: 1, column: 1, path: "", message: error.message }]);
  }
}
