import { formatDiagnostics } from "@weir/compiler";
import type { Example, Problem } from "./example.ts";
import { compileShown, shownText } from "./shown-code.ts";
import type { Stage } from "./stage.ts";

/**
 * Compiles the examples of the kernel language. Those that are shown wrong have to give exactly what is shown, and what is
 * shown of their code has to be their code.
 */
export function compileKernel(stage: Stage): Problem[] {
  return [...stage.files]
    .filter(([, { isKernel }]) => isKernel)
    .flatMap(([file, example]) => problemsOf(file, example));
}

function problemsOf(file: string, { document, line, code, diagnostics = "" }: Example): Problem[] {
  const compiled = compileShown(file);
  // Shown without the folder that the example was put in for the check.
  const given = formatDiagnostics(compiled.diagnostics).replace(/\S*\/(?=[\w.-]+\.ts:\d)/g, "");
  if (given.trim() !== diagnostics.trim()) {
    const message = diagnostics === "" ? given : `the compiler says\n${given}instead of\n${diagnostics}`;
    return [{ place: `${document}:${line}`, message }];
  }
  return code.flatMap((shown) => {
    const is = shownText(compiled, shown);
    if (is.trim() === shown.text.trim()) return [];
    const message = `the code is not what is shown; npm run docs:code writes what it is\n${is}`;
    return [{ place: `${document}:${shown.line}`, message }];
  });
}
