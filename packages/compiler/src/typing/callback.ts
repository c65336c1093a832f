import { resolveType } from "../constants/resolve-type.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import type { FunctionTree } from "../tree/function.ts";
import { isScalar, type KernelType } from "../types/kernel-type.ts";
import { typeName } from "../types/type-name.ts";
import type { Typing } from "./typing.ts";

/**
 * A function that is given to `word`, for the kernel to call it back. It shares the variables around, as a function that becomes part of
 * its caller does. What it gives is a boolean or nothing.
 */
export function typeCallback(
  word: string,
  syntax: ExpressionSyntax,
  given: readonly KernelType[],
  typing: Typing,
): FunctionTree {
  const constant = typing.constants.evaluate(syntax);
  if (constant?.kind !== "function") throw new Mistake("WEIR1411", syntax.span, word);
  const { functions, layoutNames } = typing;
  const { frame } = typing.constants;
  const scope = (constant.scope ?? functions.constants).inner(frame);
  for (const [index, { type: annotation }] of constant.function.parameters.entries()) {
    const declared = annotation && resolveType(annotation, scope);
    const type = given[index];
    // TypeScript lets a parameter be wider than what it is given.
    if (annotation === undefined || type === undefined || declared === type || !isScalar(type)) continue;
    const found = declared === undefined ? "another type" : typeName(declared, layoutNames);
    throw new Mistake("WEIR1108", annotation.span, typeName(type, layoutNames), found);
  }
  const tree = functions.tree({ ...constant, name: constant.name || word, linkage: "callback" }, syntax.span, {
    scope,
    types: given,
    key: `callback ${given.map((type) => functions.id(type)).join(" ")} in ${functions.id(frame)}`,
  });
  const { returnType } = tree;
  if (returnType.kind === "void" || returnType.kind === "boolean") return tree;
  throw new Mistake(
    "WEIR1108",
    syntax.span,
    "a function that returns a boolean or nothing",
    typeName(returnType, layoutNames),
  );
}
