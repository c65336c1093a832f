/** Writes into the documents the code that they show of their examples: blocks "dump PASS" and "disassembly". */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { ROOT } from "./examples/check.ts";
import { examplesOfMarkdown } from "./examples/extract.ts";
import { compileShown } from "./examples/shown-code.ts";
import { Stage } from "./examples/stage.ts";

for (const document of globSync("docs/**/*.md", { cwd: ROOT })) {
  const path = `${ROOT}/${document}`;
  const lines = readFileSync(path, "utf8").split("\n");
  const examples = examplesOfMarkdown(document, lines.join("\n")).filter(({ code }) => code.length > 0);
  using stage = new Stage(ROOT, examples);
  // From the end, so that what is above keeps its lines.
  for (const [file, { code }] of [...stage.files].reverse()) {
    const { dumps, disassembly } = compileShown(file);
    for (const { line, pass, text } of code.toReversed()) {
      const shown = (pass === undefined ? disassembly : (dumps.get(pass) ?? "nothing")).trimEnd();
      lines.splice(line - 1, text.split("\n").length - 1, ...shown.split("\n"));
    }
  }
  if (examples.length > 0) writeFileSync(path, lines.join("\n"));
}
