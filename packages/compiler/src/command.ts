import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type ObjectSpec, writeObject } from "@weir/bytecode";
import { PASS_NAMES } from "@weir/codegen";
import { compile } from "./compile.ts";
import { formatDiagnostics } from "./diagnostics/format.ts";
import { listing } from "./object/listing.ts";

const HELP = `weirc: compiles a kernel program in TypeScript to an eBPF object

Usage: weirc INPUT.bpf.ts [-o OUTPUT.o] [options]

  -o, --output FILE     write the object there (default: INPUT.o in the working directory)
      --set NAME=VALUE      give a config() its value for good: what depends on it is decided now, and maps that are not
                            needed then are left out; may be repeated
      --disassemble     print the instructions, with the source lines that they come from, instead of writing
      --dump-after PASS print the code after a pass to standard error: build, ${PASS_NAMES.join(", ")}
      --version         print the version
  -h, --help            print this

Exit status: 0 compiled, 1 mistakes in the program, 2 wrong use of the command, 3 a file could not be written,
4 the compiler itself failed.
`;

const DONE = 0;
const MISTAKES = 1;
const USAGE = 2;
const FILES = 3;

interface Output {
  write(text: string): unknown;
}

/** The command `weirc`. Gives its exit status. */
export function runCommand(args: readonly string[], output: Output, errors: Output): number {
  const request = parse(args);
  if (typeof request === "string") {
    errors.write(`weirc: ${request}\nTry weirc --help.\n`);
    return USAGE;
  }
  if (request.help) {
    output.write(HELP);
    return DONE;
  }
  if (request.version) {
    output.write(`${version()}\n`);
    return DONE;
  }
  const { object, diagnostics } = compile(request.input, {
    fixed: request.fixed,
    dump: (pass, text) => {
      if (pass === request.dumpAfter) errors.write(`; after ${pass}\n${text}\n`);
    },
  });
  if (object === undefined) {
    const count = diagnostics.length;
    errors.write(
      `${formatDiagnostics(diagnostics)}\n${count} ${count === 1 ? "mistake" : "mistakes"}, nothing written\n`,
    );
    return MISTAKES;
  }
  if (!request.disassemble) return write(object, request.output, errors);
  output.write(listing(object));
  return DONE;
}

interface Request {
  readonly input: string;
  readonly output: string;
  readonly fixed: Readonly<Record<string, bigint>>;
  readonly dumpAfter: string | undefined;
  readonly disassemble: boolean;
  readonly help: boolean;
  readonly version: boolean;
}

/** What is asked for, or what is wrong with how it is asked for. */
function parse(args: readonly string[]): Request | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        output: { type: "string", short: "o" },
        set: { type: "string", multiple: true },
        "dump-after": { type: "string" },
        disassemble: { type: "boolean" },
        version: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    const { help = false, version: wantsVersion = false, disassemble = false } = values;
    const [input, second] = positionals;
    const asksOnly = help || wantsVersion;
    if (!asksOnly && input === undefined) return "no input file";
    if (second !== undefined) return `one input file at a time, not also "${second}"`;
    const fixed: Record<string, bigint> = {};
    for (const setting of values.set ?? []) {
      const [, key, value] = /^([A-Za-z_]\w*)=(-?(?:\d+|0x[\da-fA-F]+))$/.exec(setting) ?? [];
      if (key === undefined || value === undefined) return `--set takes NAME=NUMBER, not "${setting}"`;
      fixed[key] = value.startsWith("-") ? -BigInt(value.slice(1)) : BigInt(value);
    }
    const dumpAfter = values["dump-after"];
    if (dumpAfter !== undefined && !["build", ...PASS_NAMES].includes(dumpAfter))
      return `there is no pass "${dumpAfter}"`;
    const name = input ?? "";
    const output = values.output ?? `${name.replace(/^.*\//, "").replace(/(\.bpf)?\.ts$/, "")}.o`;
    return { input: name, output, fixed, dumpAfter, disassemble, help, version: wantsVersion };
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

function write(object: ObjectSpec, file: string, errors: Output): number {
  try {
    writeFileSync(file, writeObject(object));
    return DONE;
  } catch (error) {
    errors.write(`weirc: cannot write "${file}": ${error instanceof Error ? error.message : error}\n`);
    return FILES;
  }
}

function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const description: unknown = JSON.parse(text);
  if (typeof description !== "object" || description === null || !("version" in description)) return "unknown";
  return String(description.version);
}
