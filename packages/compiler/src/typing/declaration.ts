import { resolveType } from "../constants/resolve-type.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { VariableDeclaration } from "../syntax/declaration.ts";
import { isFresh } from "../tree/fresh.ts";
import type { Local } from "../tree/local.ts";
import type { Statement } from "../tree/statement.ts";
import type { Typing } from "./typing.ts";

/** `let` and `const` inside a function. */
export function typeDeclarations(declarations: readonly VariableDeclaration[], typing: Typing): readonly Statement[] {
  return declarations.flatMap((declaration) => {
    // Until it is declared, and after a mistake, the name stands for a mistake that is reported already.
    typing.declare(declaration, undefined);
    return typing.reporter.attempt(() => typeDeclaration(declaration, typing)) ?? [];
  });
}

function typeDeclaration(declaration: VariableDeclaration, typing: Typing): readonly Statement[] {
  const { initializer, span, name, constant } = declaration;
  const known = constant ? typing.constants.declared(declaration) : undefined;
  // A constant without a type is known while compiling: nothing is left to do while the program runs.
  if (known !== undefined) {
    typing.forget(declaration);
    return [];
  }
  const declared = declaration.type && resolveType(declaration.type, typing.constants);
  if (initializer === undefined && declared === undefined) throw new Mistake("WEIR1112", span, name);
  const value =
    initializer && (declared === undefined ? typing.expression(initializer) : typing.value(initializer, declared));
  const type = declared ?? value?.type;
  if (type === undefined || type.kind === "void") throw new Mistake("WEIR1112", span, name);
  const fresh = value !== undefined && isFresh(value);
  if (fresh && !constant) throw new Mistake("WEIR1303", span);
  const local: Local = Object.freeze({
    name,
    type,
    mutable: !constant,
    fresh,
    span,
  });
  typing.declare(declaration, local);
  return [Object.freeze({ kind: "declare", local, initializer: value, span })];
}
