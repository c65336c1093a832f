import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type ObjectSpec, type ProgramSpec, type ProgramType, readObject } from "@weir/bytecode";
import { compile, formatDiagnostics } from "../../src/index.ts";
import { type Expectation, expectationOf, placeOf } from "./markers.ts";

/** A program that the verifier refuses, or, without an expectation, takes. */
export interface CorpusProgram {
  readonly name: string;
  /** An object with this program alone. */
  readonly object: ObjectSpec;
  readonly expectation: Expectation | undefined;
}

const FOLDER = fileURLToPath(new URL("../fixtures/refused/", import.meta.url));

/** The files of the corpus with a name that ends so: `.bpf.ts`, or `.c` for what weir's compiler would not make. */
export function corpusFiles(ending: string): string[] {
  return readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(FOLDER, name));
}

/** What names a file of the corpus. */
export const corpusName = (file: string): string => basename(file).replace(/\..*/, "");

/** The object of a file, by weir's compiler or by clang. */
export function corpusObject(file: string): ObjectSpec {
  if (file.endsWith(".c")) return readObject(compileC(file));
  const { object, diagnostics } = compile(file);
  if (object === undefined) throw new Error(formatDiagnostics(diagnostics));
  return object;
}

/** The programs of a file, each by itself, with what its comments say of it. */
export function corpusPrograms(file: string, object: ObjectSpec): CorpusProgram[] {
  const text = readFileSync(file, "utf8");
  return [...object.programs.values()].map((program) => ({
    name: program.name,
    object: { ...object, programs: new Map([[program.name, placed(program, text)]]) },
    expectation: expectationOf(program.name, text),
  }));
}

function placed(program: ProgramSpec, text: string): ProgramSpec {
  const [type, section] = placeOf(program.name, text) ?? [];
  if (type === undefined || section === undefined) return program;
  // The corpus is written with the names of `ProgramType`.
  return { ...program, type: type as ProgramType, section };
}

function compileC(file: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "weir-corpus-"));
  try {
    const output = join(folder, "corpus.o");
    const target = [
      "-target",
      "bpf",
      "-mcpu=v3",
      "-O2",
      "-g",
      "-w",
      `-ffile-prefix-map=${FOLDER}=`,
      "-fdebug-compilation-dir=.",
    ];
    // clang puts the source lines into BTF, and reads them by the names that it writes there.
    execFileSync("clang", [...target, "-c", relative(FOLDER, file), "-o", output], { cwd: FOLDER });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
