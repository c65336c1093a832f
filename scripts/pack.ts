/**
 * Packs the packages that users install, as npm would publish them: `npm run pack -- [FOLDER]`, `dist/packages` unless named. What
 * is for this repository alone is left out of their manifests: scripts, what they are built with, and the condition by which
 * its tests run their sources, which Node refuses to do in `node_modules`.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
/** Left out of `dist`: how far tsc has come. */
const BUILD_STATE = ".tsbuildinfo";

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** The packed packages, by name. */
export function packAll(target: string): Map<string, string> {
  mkdirSync(target, { recursive: true });
  const staging = mkdtempSync(join(tmpdir(), "weir-pack-"));
  try {
    const folders = globSync("packages/*/package.json", { cwd: ROOT })
      .map((file) => dirname(join(ROOT, file)))
      .filter((folder) => manifestOf(folder).private !== true)
      .map((folder) => stage(folder, join(staging, manifestOf(folder).name.replace("/", "-"))));
    const words = ["pack", "--json", "--loglevel", "error", "--pack-destination", resolve(target), ...folders];
    const packed: unknown = JSON.parse(execFileSync("npm", words, { encoding: "utf8" }));
    return new Map(entriesOf(packed).map(({ name, filename }) => [name, join(resolve(target), filename)]));
  } finally {
    rmSync(staging, { recursive: true });
  }
}

/** A package as it is published, in a folder of its own. */
function stage(folder: string, target: string): string {
  const manifest = manifestOf(folder);
  mkdirSync(target, { recursive: true });
  for (const name of [...manifest.files, "README.md"]) {
    const source = join(folder, name);
    if (!existsSync(source)) {
      if (name === "README.md") continue;
      throw new Error(`${manifest.name} has no ${name}: npm run build`);
    }
    cpSync(source, join(target, name), { recursive: true, filter: (file) => !file.endsWith(BUILD_STATE) });
  }
  cpSync(join(ROOT, "LICENSE"), join(target, "LICENSE"));
  const { scripts: _, devDependencies: __, ...published } = { scripts: {}, devDependencies: {}, ...manifest };
  const exports = Object.fromEntries(
    Object.entries(manifest.exports).map(([path, each]) => [path, withoutSource(each)]),
  );
  writeFileSync(join(target, "package.json"), `${JSON.stringify({ ...published, exports }, undefined, 2)}\n`);
  return target;
}

function withoutSource(target: Manifest["exports"][string]): Manifest["exports"][string] {
  if (typeof target === "string") return target;
  return Object.fromEntries(Object.entries(target).filter(([condition]) => condition !== "source"));
}

function manifestOf(folder: string): Manifest {
  // Our own files, each with these fields.
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** npm prints a list, or since version 12 an object by name. */
function entriesOf(packed: unknown): { readonly name: string; readonly filename: string }[] {
  // What `npm pack --json` documents: each has both.
  return Object.values(packed as object) as { readonly name: string; readonly filename: string }[];
}

if (import.meta.main) {
  for (const file of packAll(process.argv[2] ?? join(ROOT, "dist/packages")).values())
    process.stdout.write(`${file}\n`);
}
