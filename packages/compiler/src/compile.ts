import type { ObjectSpec } from "@weir/bytecode";
import { CodegenError } from "@weir/codegen";
import { checkArrayIndices } from "./checks/array-indices.ts";
import { checkCaptures } from "./checks/captures.ts";
import { checkCopies } from "./checks/copies.ts";
import { checkPacketOffsets } from "./checks/packet-offsets.ts";
import type { FixedConfigs } from "./constants/file-declarations.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { Reporter } from "./diagnostics/reporter.ts";
import { templates } from "./diagnostics/templates.ts";
import { follow } from "./flow/follow.ts";
import { spanOf } from "./lowering/positions.ts";
import { type AssembleOptions, assembleObject } from "./object/assemble.ts";
import type { Span } from "./source-file.ts";
import type { ModuleSyntax } from "./syntax/module.ts";
import type { FileTree } from "./tree/program.ts";
import { ProgramParser } from "./typescript/parse-program.ts";
import { typeFile } from "./typing/file.ts";

/** Where the text comes from, and how code is made of it. */
export interface CompileOptions extends AssembleOptions {
  /** The text of a file, undefined when there is none; from the disk unless given. */
  readonly readFile?: (name: string) => string | undefined;
  /**
   * Configuration values that are known now, by their names: a variant of the program without what it does not need. The code
   * that depends on what is false is not generated, and maps that no code refers to are left out.
   */
  readonly fixed?: FixedConfigs;
}

type CheckOptions = Pick<CompileOptions, "readFile" | "fixed">;

/** An object, or what keeps the file from being one. */
export interface CompileResult {
  /** Undefined when there are diagnostics. */
  readonly object: ObjectSpec | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** A typed tree, or what keeps the file from having one. */
export interface CheckResult {
  /** Undefined when there are diagnostics. */
  readonly tree: FileTree | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles a kernel file, with what it imports, to an object that can be loaded or written.
 *
 * @example
 * ```ts
 * const { object, diagnostics } = compile("filter.bpf.ts");
 * if (object === undefined) console.error(formatDiagnostics(diagnostics));
 * else writeFileSync("filter.o", writeObject(object));
 * ```
 * Mistakes in the program are diagnostics, not exceptions.
 */
export function compile(fileName: string, options: CompileOptions = {}): CompileResult {
  return new Source(fileName).compile(options);
}

/** The second half of {@link compile}: the object of a typed tree. */
export function compileTree(tree: FileTree, options: AssembleOptions = {}): CompileResult {
  const generated = unlessTooDeep((): CompileResult => {
    const reporter = new Reporter();
    const object = reporter.attempt(() => generate(tree, options, reporter));
    return { object: reporter.failed ? undefined : object, diagnostics: reporter.diagnostics };
  });
  return generated ?? { object: undefined, diagnostics: [tooDeep(tree.programs[0]?.body.span)] };
}

/**
 * The first half of {@link compile}: the typed tree, for tests and for tools that look at programs.
 *
 * @example
 * ```ts
 * check("drop.bpf.ts").tree?.programs.map(({ name }) => name); // ["drop_arp"]
 * ```
 */
export function check(fileName: string, options: CheckOptions = {}): CheckResult {
  return checkWith(new ProgramParser(fileName), options);
}

/**
 * A kernel file that is compiled more than once, as for each change of it: what has not changed since the last time, in it or in
 * what it imports, is neither parsed nor checked again.
 *
 * @example
 * ```ts
 * import { watch } from "node:fs";
 * import { formatDiagnostics, Source } from "@weir/compiler";
 *
 * const source = new Source("filter.bpf.ts");
 * watch("filter.bpf.ts", () => console.log(formatDiagnostics(source.compile().diagnostics)));
 * ```
 */
export class Source {
  readonly #parser: ProgramParser;

  constructor(fileName: string) {
    this.#parser = new ProgramParser(fileName);
  }

  /** What {@link compile} gives for the file as it is now. */
  compile(options: CompileOptions = {}): CompileResult {
    const { tree, diagnostics } = checkWith(this.#parser, options);
    return tree === undefined ? { object: undefined, diagnostics } : compileTree(tree, options);
  }
}

function checkWith(parser: ProgramParser, options: CheckOptions): CheckResult {
  const checked = unlessTooDeep((): CheckResult => {
    const { module, diagnostics } = parser.parse(options.readFile);
    return module === undefined ? { tree: undefined, diagnostics } : checkModule(module, options.fixed);
  });
  return checked ?? { tree: undefined, diagnostics: [tooDeep(undefined)] };
}

/** What `work` gives; undefined where it, or TypeScript in it, ran out of stack for what is nested too deeply. */
function unlessTooDeep<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError && error.message.includes("call stack")) return undefined;
    throw error;
  }
}

function tooDeep(span: Span | undefined): Diagnostic {
  return Object.freeze({ code: "WEIR1602", message: templates.WEIR1602, span, notes: [] });
}

/** What {@link check} does with a file that has been parsed. */
export function checkModule(module: ModuleSyntax, fixed?: FixedConfigs): CheckResult {
  const reporter = new Reporter();
  const tree = typeFile(module, reporter, fixed);
  const programs = tree.programs.map(({ body }) => body);
  for (const program of programs) {
    checkCaptures(program, reporter);
    checkCopies(program, reporter);
  }
  // What a statement that is a mistake would have said of an index is not known.
  const followed = reporter.failed ? undefined : follow(programs);
  const unseenTurns = new Map(programs.flatMap((program) => [...checkPacketOffsets(program, followed, reporter)]));
  if (reporter.failed || followed === undefined) return { tree: undefined, diagnostics: reporter.diagnostics };
  const unseenIndices = checkArrayIndices(programs, followed, reporter);
  return {
    tree: reporter.failed ? undefined : Object.freeze({ ...tree, unseenIndices, unseenTurns }),
    diagnostics: reporter.diagnostics,
  };
}

/** What the program asks for and eBPF cannot give, such as more stack, is known only when there is code. */
function generate(tree: FileTree, options: AssembleOptions, reporter: Reporter): ObjectSpec | undefined {
  try {
    return assembleObject(tree, options, reporter);
  } catch (error) {
    if (!(error instanceof CodegenError)) throw error;
    const [program] = tree.programs;
    if (program === undefined) throw error;
    const span = error.position && spanOf(error.position);
    reporter.report("WEIR1601", span ?? program.body.span, error.message);
    return undefined;
  }
}
