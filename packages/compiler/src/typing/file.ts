import { Constants, type FixedConfigs } from "../constants/constants.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { Span } from "../source-file.ts";
import type { ModuleSyntax } from "../syntax/module.ts";
import type { FileTree, ProgramTree } from "../tree/program.ts";
import { Functions } from "./functions.ts";

/**
 * The static typing pass: gives every expression its type and every operator its width, from declarations alone. It folds
 * nothing that could change a type, so types never depend on what happens to be constant.
 */
export function typeFile(module: ModuleSyntax, reporter: Reporter, fixed: FixedConfigs = {}): FileTree {
  const constants = new Constants(fixed);
  const functions = new Functions(constants, reporter);
  const programs: ProgramTree[] = [];
  for (const span of module.others) reporter.report("WEIR1003", span);
  for (const declaration of module.declarations) {
    reporter.attempt(() => {
      if (declaration.kind === "function") {
        const { name, span } = declaration;
        functions.tree({ kind: "function", name, function: declaration.function, separate: false, span }, span);
      }
      if (declaration.kind !== "variable") return;
      if (!declaration.constant) throw new Mistake("WEIR1202", declaration.span, declaration.name);
      const constant = constants.declared(declaration);
      if (constant === undefined) reporter.report("WEIR1201", declaration.span);
      if (constant?.kind === "function") functions.tree(constant, declaration.span);
      if (constant?.kind !== "program") return;
      const { name, frags, function: syntax } = constant.program;
      programs.push(Object.freeze({ name, frags, body: functions.program(name, syntax, declaration.span) }));
    });
  }
  if (programs.length === 0 && !reporter.failed) reporter.report("WEIR1206", module.span);
  if (!reporter.failed) {
    for (const name of constants.unusedFixed) reporter.report("WEIR1210", module.span, name);
  }
  checkNames("maps", constants.maps, reporter);
  checkNames("configuration values", constants.configs, reporter);
  return Object.freeze({
    programs,
    maps: [...constants.maps],
    configs: [...constants.configs].filter((config) => config.fixed === undefined),
    layoutNames: constants.layoutNames,
    isVariant: Object.keys(fixed).length > 0,
  });
}

function checkNames(
  what: string,
  list: Iterable<{ readonly name: string; readonly span: Span }>,
  reporter: Reporter,
): void {
  const seen = new Set<string>();
  for (const { name, span } of list) {
    if (seen.has(name)) reporter.report("WEIR1205", span, what, name);
    seen.add(name);
  }
}
