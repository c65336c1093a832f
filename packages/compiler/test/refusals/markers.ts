/** What a file of the corpus says, in comments, of one of its programs. */
export interface Expectation {
  /** The kinds of refusal of which the explanation must give one. */
  readonly kinds: readonly string[];
  /** The line that must be named. */
  readonly line: number;
  /** The first kernel that takes the program. */
  readonly until: string | undefined;
  /** The line that the cause must name; undefined when the corpus does not say. */
  readonly because: number | undefined;
  /** The lines of the calls that led to the place, the innermost first; undefined when the corpus does not say. */
  readonly calls: readonly number[];
  /** What the message must contain. */
  readonly says: readonly string[];
}

const MARKER = /^\s*\/\/ (refused|because|called|says|program) (\w+)(?: until ([\d.]+))?(?:: (.*))?$/;

/**
 * The comments that belong to a program. Each stands on a line of its own:
 *
 * - `// refused NAME: KIND`: the next line must be named; `KIND or KIND` when kernels differ; `until 6.3` when kernels since then
 *   take it
 * - `// because NAME`: the next line is where the cause lies
 * - `// called NAME`: the next line is a call that was inlined, from the inside out
 * - `// says NAME: TEXT`: the message contains the text
 * - `// program NAME: TYPE SECTION`: a C program that is none of XDP
 */
export function expectationOf(name: string, text: string): Expectation | undefined {
  const found = markers(name, text);
  const refused = found.find(({ word }) => word === "refused");
  if (refused === undefined) return undefined;
  return {
    kinds: refused.rest.split(" or "),
    line: refused.line,
    until: refused.until,
    because: found.find(({ word }) => word === "because")?.line,
    calls: found.filter(({ word }) => word === "called").map(({ line }) => line),
    says: found.filter(({ word }) => word === "says").map(({ rest }) => rest),
  };
}

/** `TYPE SECTION` of a program whose file names them. */
export function placeOf(name: string, text: string): readonly string[] | undefined {
  return markers(name, text)
    .find(({ word }) => word === "program")
    ?.rest.split(" ");
}

function markers(name: string, text: string) {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const [, word, program, until, rest = ""] = MARKER.exec(line) ?? [];
    if (program !== name) return [];
    // Several comments may stand above one line.
    let next = index + 1;
    while (MARKER.test(lines[next] ?? "")) next += 1;
    return [{ word, until, rest, line: next + 1 }];
  });
}
