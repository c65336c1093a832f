import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Example } from "./example.ts";
import { importsFor } from "./exported-names.ts";

/** Examples as files, in a folder of the repository so that they find its packages. */
export class Stage implements Disposable {
  readonly folder: string;
  readonly #examples = new Map<string, Example>();

  constructor(root: string, examples: readonly Example[]) {
    mkdirSync(join(root, "dist"), { recursive: true });
    this.folder = mkdtempSync(join(root, "dist", "examples-"));
    for (const example of examples) {
      // A folder for each document: its examples import each other by their names.
      const folder = join(this.folder, example.document.replaceAll("/", "_"));
      const file = join(folder, example.name ?? `line-${example.line}${example.isKernel ? ".bpf" : ""}.ts`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, example.isKernel ? example.text : complete(example));
      if (this.#examples.has(file)) throw new Error(`${example.document} has two examples called ${example.name}`);
      this.#examples.set(file, example);
    }
  }

  /** Each file with the example that it holds. */
  get files(): ReadonlyMap<string, Example> {
    return this.#examples;
  }

  /** Where a line of a file, from 1, stands in the documentation; undefined for files that are no examples. */
  place(file: string, line: number): string | undefined {
    const example = this.#examples.get(join(this.folder, relative(this.folder, file)));
    return example && `${example.document}:${example.line + line - (isComplete(example) ? 1 : 2)}`;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** An example that imports or exports something says everything itself. */
function isComplete({ text, isKernel }: Example): boolean {
  return isKernel || /^(im|ex)port /m.test(text);
}

/** The others get the imports that they leave out, and a block of their own, in which they may use those names again. */
function complete(example: Example): string {
  const { text, document } = example;
  return isComplete(example) ? text : `${importsFor(text, document)}{\n${text}}\nexport {};\n`;
}
