/** Mistakes that the message has: what repeats a thousand times is one. */
const MOST_SHOWN = 20;

/** One mistake in a configuration file. */
export interface ConfigProblem {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** Where in the data it is, as in `backends[2].weight`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/**
 * What keeps a configuration from being used. The message has a line for each problem: `weir.yaml:3:5: listen: …`.
 *
 * @example
 * ```ts
 * try {
 *   readConfig("weir.yaml", z.strictObject({ top: z.int() }));
 * } catch (error) {
 *   if (error instanceof ConfigError) for (const { line, message } of error.problems) console.error(line, message);
 * }
 * ```
 */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** `WEIR_FILE`: it cannot be read; `WEIR_CONFIG`: what it says is wrong. */
  readonly code: "WEIR_FILE" | "WEIR_CONFIG";
  /** Empty with `WEIR_FILE`. */
  readonly problems: readonly ConfigProblem[];

  private constructor(
    code: ConfigError["code"],
    message: string,
    problems: readonly ConfigProblem[],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.problems = problems;
  }

  static unreadable(file: string, cause: unknown): ConfigError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new ConfigError("WEIR_FILE", `the configuration ${file} cannot be read: ${reason}`, [], { cause });
  }

  static wrong(file: string, problems: readonly ConfigProblem[]): ConfigError {
    const inOrder = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    const shown = inOrder.slice(0, MOST_SHOWN);
    const more = inOrder.length - shown.length;
    const lines = shown.map(({ line, column, path, message }) => {
      const subject = path === "" ? "" : `${path}: `;
      return `${file}:${line}:${column}: ${subject}${message}`;
    });
    if (more > 0) lines.push(`${file}: and ${more} more`);
    return new ConfigError("WEIR_CONFIG", lines.join("\n"), inOrder);
  }
}
