import ts from "typescript";
import type { VariableDeclaration } from "../syntax/declaration.ts";
import type { StatementSyntax } from "../syntax/statement.ts";
import type { Reader } from "./reader.ts";
import { unsupportedText } from "./unsupported.ts";

/** Why a pattern cannot be read. */
type Refused = Omit<StatementSyntax & { kind: "unsupported" }, "kind">;

/**
 * The variables of `const { source, port: target } = …`, in order, each with the field that it is given. A record inside that is taken
 * apart is a variable without a name.
 */
export function readPattern(pattern: ts.BindingPattern, reader: Reader): readonly VariableDeclaration[] | Refused {
  const declarations: VariableDeclaration[] = [];
  for (const element of pattern.elements) {
    const refused = refusal(element, reader);
    if (refused !== undefined) return refused;
    const declaration = reader.declaration(element);
    if (declaration?.kind !== "variable") continue;
    declarations.push(declaration);
    if (ts.isBindingElement(element) && !ts.isIdentifier(element.name)) {
      const inner = readPattern(element.name, reader);
      if ("what" in inner) return inner;
      declarations.push(...inner);
    }
  }
  return declarations;
}

function refusal(element: ts.ArrayBindingElement, reader: Reader): Refused | undefined {
  const refuse = (what: string, remedy: string, node: ts.Node) => ({
    ...unsupportedText(what, remedy),
    span: reader.span(node),
  });
  if (!ts.isBindingElement(element) || ts.isArrayBindingPattern(element.parent)) {
    return refuse("taking an array apart", "read its elements: `array[0]`", element.parent);
  }
  if (element.dotDotDotToken) return refuse("`...` in a pattern", "name the fields", element);
  if (element.initializer) return refuse("a default value", "every field of a record has a value", element.initializer);
  const { propertyName } = element;
  if (propertyName !== undefined && ts.isComputedPropertyName(propertyName)) {
    return refuse("a computed name", "name the field", propertyName);
  }
  return undefined;
}
