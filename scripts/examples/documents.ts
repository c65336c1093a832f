import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Example } from "./example.ts";
import { examplesOfMarkdown, examplesOfSource } from "./extract.ts";

const MARKDOWN = ["*.md", "docs/**/*.md", "examples/*.md", "packages/*/README.md"];
const SOURCES = ["packages/*/src/**/*.ts", "packages/compiler/language/**/*.ts"];

/** Every example of the repository: of its documents and of the comments in its packages. */
export function examplesOfRepository(root: string): Example[] {
  const read = (patterns: readonly string[], extract: (document: string, text: string) => Example[]) =>
    globSync(patterns, { cwd: root })
      .sort()
      .flatMap((document) => extract(document, readFileSync(join(root, document), "utf8")));
  return [...read(MARKDOWN, examplesOfMarkdown), ...read(SOURCES, examplesOfSource)];
}
