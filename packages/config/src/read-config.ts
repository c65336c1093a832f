import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import type * as z from "zod";
import { ConfigError, type ConfigProblem } from "./config-error.ts";
import { jsonSchema } from "./json-schema.ts";
import { problemsOf } from "./problems.ts";

/**
 * Reads a configuration file and checks it.
 *
 * @example
 * ```ts
 * const schema = z.strictObject({ interfaces: z.array(z.string()) });
 * readConfig("weir.yaml", schema).interfaces; // ["eth0"]
 * ```
 * @throws {ConfigError} `WEIR_FILE`, `WEIR_CONFIG` with every problem that was found and its place
 */
export function readConfig<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    throw ConfigError.unreadable(file, error);
  }
  return parseConfig(text, file, schema);
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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: "1.2" });
  const broken = [...document.errors, ...document.warnings].map(({ pos: [start], message }): ConfigProblem => {
    const { line, col } = lines.linePos(start);
    return { line, column: col, path: "", message };
  });
  if (broken.length > 0) throw ConfigError.wrong(file, broken);
  const data: unknown = toData(document, file);
  if (data === null)
    throw ConfigError.wrong(file, [{ line: 1, column: 1, path: "", message: "there is nothing in it" }]);
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw ConfigError.wrong(file, problemsOf(result.error.issues, { document, lines, data }, jsonSchema(schema)));
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
