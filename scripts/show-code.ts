/** Writes into the documents the code that they show of their examples: blocks "dump PASS", "dump PASS RUN" and "disassembly". */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { ROOT } from "./examples/check.ts";
import { examplesOfMarkdown } from "./examples/extract.ts";
import { compileShown, shownText } from "./examples/shown-code.ts";
import { Stage } from "./examples/stage.ts";

for (const document of globSync("docs/**/*.md", { cwd: ROOT })) {
  const path = `${ROOT}/${document}`;
  const lines = readFileSync(path, "utf8").split("\n");
  const examples = examplesOfMarkdown(document, lines.join("\n")).filter(({ code }) => code.length > 0);
  using stage = new Stage(ROOT, examples);
  // From the end, so that what is above keeps its lines.
  for (const [file, { code }] of [...stage.files].reverse()) {
    const compiled = compileShown(file);
    for (const block of code.toReversed()) {
      const shown = shownText(compiled, block).trimEnd();
      lines.splice(block.line - 1, block.text.split("\n").length - 1, ...shown.split("\n"));
    }
  }
  if (examples.length > 0) writeFileSync(path, lines.join("\n"));
}
