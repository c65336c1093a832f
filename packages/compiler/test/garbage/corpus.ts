import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { examplesOfRepository } from "../../../../scripts/examples/documents.ts";
import type { Example } from "../../../../scripts/examples/example.ts";
import { sourceOf } from "../constructs/construct.ts";
import { constructs } from "../constructs/index.ts";

/** A program with all of its own files, by their paths. */
export interface Project {
  readonly entry: string;
  readonly files: ReadonlyMap<string, string>;
}

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const PROGRAMS = [
  "packages/compiler/test/fixtures/*/*.bpf.ts",
  "packages/programs/src/kernel/**/*.bpf.ts",
  "examples/**/*.bpf.ts",
];

/** All kernel programs of the repository: fixtures, those that are shipped, examples of the documentation and of comments. */
export function corpus(): readonly Project[] {
  const onDisk = globSync(PROGRAMS, { cwd: ROOT })
    .sort()
    .map((file) => projectOf(join(ROOT, file)));
  return [...onDisk, ...written(), ...documented(examplesOfRepository(ROOT))];
}

/** The pieces of the language with results computed by hand. */
function written(): readonly Project[] {
  return constructs.flatMap(([topic, list]) =>
    list.map((construct) => {
      const entry = `/constructs/${topic}/${construct.name}.bpf.ts`;
      return { entry, files: new Map([[entry, sourceOf(construct)]]) };
    }),
  );
}

/** A file with what it imports by a relative path. */
function projectOf(entry: string): Project {
  const files = new Map<string, string>();
  const add = (file: string): void => {
    if (files.has(file) || !existsSync(file)) return;
    const text = readFileSync(file, "utf8");
    files.set(file, text);
    for (const [, name] of text.matchAll(/from "(\.[^"]+)"/g)) if (name !== undefined) add(join(dirname(file), name));
  };
  add(entry);
  return { entry, files };
}

/** The named examples of a document see each other. */
function documented(examples: readonly Example[]): readonly Project[] {
  return examples
    .filter(({ isKernel, text }) => isKernel && text.includes("xdp("))
    .map(({ document, line, text, name }) => {
      const folder = `/documents/${document}/${line}`;
      const entry = `${folder}/${name ?? "example.bpf.ts"}`;
      const beside = examples.flatMap((other) =>
        other.document === document && other.name !== undefined
          ? [[`${folder}/${other.name}`, other.text] as const]
          : [],
      );
      return { entry, files: new Map([...beside, [entry, text]]) };
    });
}
