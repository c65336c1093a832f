import { compile, formatDiagnostics } from "@weir/compiler";
import type { Example, Problem } from "./example.ts";
import type { Stage } from "./stage.ts";

/** Compiles the examples of the kernel language. Those that are shown wrong have to give exactly what is shown. */
export function compileKernel(stage: Stage): Problem[] {
  return [...stage.files].filter(([, { isKernel }]) => isKernel).flatMap(([file, example]) => problemOf(file, example));
}

function problemOf(file: string, { document, line, diagnostics = "" }: Example): Problem[] {
  // Shown without the folder that the example was put in for the check.
  const given = formatDiagnostics(compile(file).diagnostics).replace(/\S*\/(?=[\w.-]+\.ts:\d)/g, "");
  if (given.trim() === diagnostics.trim()) return [];
  const message = diagnostics === "" ? given : `the compiler says\n${given}instead of\n${diagnostics}`;
  return [{ place: `${document}:${line}`, message }];
}
