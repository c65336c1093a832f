import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CliError } from "../failure.ts";
import { templateFolder } from "../template-folder.ts";
import { printable } from "../text/printable.ts";

/** What npm takes as a name, and what is a folder's name everywhere. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,213}$/;

/** Files of the template that get a dot before their name. */
const FOR_NPM: ReadonlySet<string> = new Set(["gitignore", "npmrc"]);

/** What a project is made with. TypeScript is the one that the compiler has, so that an editor and the compiler agree. */
const OTHERS = { "@types/node": "26", typescript: "6.0.3", vitest: "5.1.1" };

/**
 * Makes a project in a folder of that name: a kernel program, its records, a test, and what npm and an editor want to know.
 *
 * @param version of weir's packages
 * @returns the files, as paths in the folder
 * @throws {CliError} `WEIR_USAGE` for a name that npm would not take, `WEIR_OUTPUT` when there is something already
 */
export function newProject(name: string, version: string): string[] {
  if (!NAME.test(name)) {
    throw new CliError(
      "WEIR_USAGE",
      `"${printable(name)}" cannot be the name of a project\n  npm takes small letters, digits, and . _ - in between.`,
    );
  }
  if (!isEmpty(name))
    throw new CliError("WEIR_OUTPUT", `${name} is there already, and not empty; it was left as it is`);
  const template = templateFolder();
  const files = readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(template.length));
  const made = new Map(
    files.map((file) => [
      // npm would leave files of these names out of the package, and use them for itself.
      FOR_NPM.has(file) ? `.${file}` : file,
      readFileSync(join(template, file), "utf8").replaceAll("{{name}}", name),
    ]),
  );
  made.set("package.json", `${JSON.stringify(manifest(name, version), undefined, 2)}\n`);
  for (const [file, text] of made) write(join(name, file), text);
  return [...made.keys()].sort();
}

function manifest(name: string, version: string): object {
  const own = ["@weir/bytecode", "@weir/compiler", "@weir/testing", "weir"];
  const devDependencies = { ...Object.fromEntries(own.map((each) => [each, version])), ...OTHERS };
  return {
    name,
    version: "0.0.0",
    private: true,
    type: "module",
    scripts: { test: "vitest run", check: "tsc -p . && tsc -p src/kernel" },
    devDependencies: Object.fromEntries(Object.entries(devDependencies).sort(([a], [b]) => (a < b ? -1 : 1))),
    engines: { node: ">=24" },
  };
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return true;
    throw unwritable(folder, error);
  }
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: "wx" });
  } catch (error) {
    throw unwritable(file, error);
  }
}

function unwritable(file: string, error: unknown): CliError {
  return new CliError("WEIR_OUTPUT", `${file} cannot be written: ${error instanceof Error ? error.message : error}`);
}
