import type { ProgramDeclaration } from "../constants/constant.ts";
import { Constants } from "../constants/constants.ts";
import type { FixedConfigs } from "../constants/file-declarations.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { Span } from "../source-file.ts";
import type { ModuleSyntax } from "../syntax/module.ts";
import { globalSections } from "../tree/global-section.ts";
import type { FileTree, ProgramTree } from "../tree/program.ts";
import { Functions } from "./functions.ts";
import { unsupportedMistake } from "./unsupported.ts";

/**
 * The static typing pass: gives every expression its type and every operator its width, from declarations alone. It folds
 * nothing that could change a type, so types never depend on what happens to be constant.
 */
export function typeFile(module: ModuleSyntax, reporter: Reporter, fixed: FixedConfigs = {}): FileTree {
  const constants = Constants.ofFile(fixed);
  const declared = constants.file;
  const functions = new Functions(constants, reporter);
  const trees = new Map<ProgramDeclaration, ProgramTree>();
  const addProgram = (program: ProgramDeclaration): void => {
    if (trees.has(program)) return;
    const { name, kind, section, frags } = program;
    const body = functions.program(program, declared.programs.get(program) ?? program.span);
    trees.set(program, Object.freeze({ name, kind, section, frags, body }));
  };
  for (const other of module.others) {
    reporter.attempt(() => {
      throw other.remedy === undefined ? new Mistake("WEIR1003", other.span) : unsupportedMistake(other);
    });
  }
  for (const declaration of module.declarations) {
    reporter.attempt(() => {
      if (declaration.kind === "function") {
        functions.declared(declared.function(declaration));
      }
      if (declaration.kind !== "variable") return;
      const constant = constants.declared(declaration);
      if (constant === undefined) reporter.report("WEIR1201", declaration.span);
      if (constant?.kind === "function") functions.declared(constant);
      if (constant?.kind === "program") addProgram(constant.program);
    });
  }
  // A program array may name programs of other files, which may use more maps.
  for (const map of declared.maps) {
    for (const program of map.programs) reporter.attempt(() => addProgram(program));
  }
  if (trees.size === 0 && !reporter.failed) reporter.report("WEIR1206", module.span);
  if (!reporter.failed) {
    for (const name of declared.unusedFixed) reporter.report("WEIR1210", module.span, name);
  }
  checkNames("maps", declared.maps, reporter);
  checkNames("global variables", declared.globals, reporter);
  checkNames("numbers", declared.metadata, reporter);
  checkNames("configuration values", declared.configs, reporter);
  checkNames("programs", trees.keys(), reporter);
  return Object.freeze({
    programs: [...trees.values()],
    maps: [...declared.maps],
    configs: [...declared.configs].filter((config) => config.fixed === undefined),
    metadata: [...declared.metadata],
    globals: globalSections(declared.globals),
    unseenIndices: new Set<never>(),
    unseenTurns: new Map<never, never>(),
    layoutNames: constants.layoutNames,
    license: declared.license,
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
