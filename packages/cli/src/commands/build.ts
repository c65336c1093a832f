import { basename } from "node:path";
import { disassembleProgram, type ObjectSpec, writeObject } from "@weir/bytecode";
import type { PassName } from "@weir/compiler";
import { toJson } from "@weir/engine/json";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Compiler } from "../compiler.ts";
import { FileChanges } from "../development/file-changes.ts";
import { type Build, KernelSource } from "../development/kernel-source.ts";
import { replaceFile } from "../development/replace-file.ts";
import { type Settings, setOption, watchOption } from "../development/source-options.ts";
import { FAILURES } from "../exit-codes.ts";
import { CliError } from "../failure.ts";
import { diagnosticLines, diagnosticObject } from "../reporters/diagnostics.ts";
import { type Session, write } from "../session.ts";
import { printable } from "../text/printable.ts";
import { formatBytes, plural } from "../text/units.ts";
import type { Declaration } from "./declaration.ts";
import { jsonOption } from "./option-values.ts";

interface BuildFlags {
  readonly output?: string;
  readonly set: Settings;
  readonly kernel?: string;
  readonly dumpAfter?: string;
  readonly without: readonly string[];
  readonly disassemble?: true;
  readonly watch?: true;
  readonly json?: true;
}

export const declaration: Declaration = (session, end) =>
  new Command("build")
    .summary("compile kernel programs in TypeScript to eBPF objects")
    .description("Compiles kernel programs (*.bpf.ts) to eBPF objects, which weir, bpftool and libbpf load.")
    .argument("<file...>", "kernel programs in TypeScript")
    .addOption(new Option("-o, --output <file>", "the object (default: FILE.o in the working directory)"))
    .addOption(setOption("decide a config() for good, with what depends on it; may be repeated"))
    .addOption(
      new Option("--disassemble", "print the instructions, below the lines that they come from; -o writes too"),
    )
    .addOption(new Option("--dump-after <pass>", "print the code after a pass; build: before the first; -o writes too"))
    .addOption(new Option("--without <pass>", "leave a pass out; may be repeated").argParser(list).default([], "none"))
    .addOption(
      new Option("--kernel <version>", "the oldest Linux that shall take it (default: 6.1)").argParser(kernelVersion),
    )
    .addOption(watchOption("compile again"))
    .addOption(jsonOption("what was built, or the mistakes, as an object for each file"))
    .action(async (files: string[], flags: BuildFlags) => {
      const compiler = await session.compiler(flags.watch ? "often" : "once");
      const jobs = files.map((file) => new BuildJob(file, compiler, flags, session));
      if (flags.output !== undefined && files.length > 1) {
        throw new CliError("WEIR_USAGE", "-o names one object, and there are several files");
      }
      let isWhole = true;
      for (const job of jobs) if (!(await job.run())) isWhole = false;
      if (flags.watch) return watch(jobs, session.signal);
      if (!isWhole) end(FAILURES.WEIR_SOURCE);
    });

/** One file, what is to be made of it, and what was. */
class BuildJob {
  readonly source: KernelSource;
  readonly #compiler: Compiler;
  readonly #flags: BuildFlags;
  readonly #session: Session;
  #dumps = "";

  constructor(file: string, compiler: Compiler, flags: BuildFlags, session: Session) {
    const { dumpAfter, set } = flags;
    const passes: readonly string[] = compiler.PASS_NAMES;
    const isPass = (name: string): name is PassName => passes.includes(name);
    const wanted = dumpAfter === undefined || dumpAfter === "build" ? flags.without : [dumpAfter, ...flags.without];
    const unknown = wanted.find((name) => !isPass(name));
    if (unknown !== undefined) {
      throw new CliError("WEIR_USAGE", `there is no pass "${printable(unknown)}"; there are ${passes.join(", ")}`);
    }
    this.#compiler = compiler;
    this.#flags = flags;
    this.#session = session;
    this.source = new KernelSource(file, compiler, {
      fixed: set,
      ...(flags.kernel !== undefined && { kernel: flags.kernel }),
      without: flags.without.filter(isPass),
      // Only where somebody wants to see one: the text of every pass takes as long as some of the passes.
      ...(dumpAfter !== undefined && {
        dump: (pass, text) => {
          if (pass === dumpAfter) this.#dumps += `; after ${pass}\n${text}\n`;
        },
      }),
    });
  }

  /** Compiles, writes and tells; whether there was no mistake. */
  async run(): Promise<boolean> {
    const { output: stdout, errors, signal } = this.#session;
    const { json } = this.#flags;
    this.#dumps = "";
    const build = this.source.build();
    if (build.object === undefined) {
      const { diagnostics } = build;
      const mistakes = { file: this.source.file, diagnostics: diagnostics.map(diagnosticObject) };
      if (json) await write(stdout, `${toJson(mistakes)}\n`, signal);
      else errors.write(diagnosticLines(diagnostics, this.#compiler, "nothing written"));
      return false;
    }
    await write(stdout, this.#report(build.object, build), signal);
    return true;
  }

  #report(object: ObjectSpec, { milliseconds }: Build): string {
    const { file } = this.source;
    const { disassemble, json, dumpAfter } = this.#flags;
    const asksOnly = (disassemble || dumpAfter !== undefined) && this.#flags.output === undefined;
    const output = asksOnly ? undefined : (this.#flags.output ?? objectFileOf(file));
    const bytes = output === undefined ? undefined : writeObject(object);
    if (output !== undefined && bytes !== undefined) replaceFile(output, bytes);
    const size = bytes?.length;
    const programs = [...object.programs.values()];
    const listing = disassemble ? programs.map((each) => disassembleProgram(each, object.btf)).join("\n") : "";
    if (json) {
      const counts = programs.map(({ name, instructions }) => ({ name, instructions: instructions.length }));
      const built = { file, output, size, milliseconds, programs: counts, maps: [...object.maps.keys()] };
      return `${toJson({ ...built, ...(listing && { listing }), ...(this.#dumps && { dump: this.#dumps }) })}\n`;
    }
    if (output === undefined || size === undefined) return this.#dumps + listing;
    const sizes = programs.map(({ name, instructions }) => `${name} ${plural(instructions.length, "instruction")}`);
    const contents = [...sizes, plural(object.maps.size, "map"), formatBytes(size), `${Math.round(milliseconds)} ms`];
    return `${this.#dumps}${listing}${printable(file)} → ${printable(output)}: ${contents.join(", ")}\n`;
  }
}

/** Builds what has changed, until the signal. */
async function watch(jobs: readonly BuildJob[], signal: AbortSignal): Promise<void> {
  using changes = new FileChanges();
  while (!signal.aborted) {
    changes.follow(jobs.flatMap(({ source }) => source.files));
    // One may have been saved between its build and now.
    if (!jobs.some(({ source }) => source.hasChanged)) await changes.next(signal);
    for (const job of jobs) if (!signal.aborted && job.source.hasChanged) await job.run();
  }
}

function kernelVersion(text: string): string {
  if (/^\d+\.\d+$/.test(text)) return text;
  throw new InvalidArgumentError("It must be a version, such as 5.15.");
}

/** In the working directory: `drop.o` for `src/drop.bpf.ts`. */
const objectFileOf = (source: string): string => `${basename(source).replace(/(\.bpf)?\.[cm]?ts$/, "")}.o`;

const list = (text: string, before: readonly string[]) => [...before, text];
