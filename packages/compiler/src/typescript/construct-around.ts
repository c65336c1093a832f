import ts from "typescript";
import { unsupportedInHead } from "./read-function.ts";
import { isUnsupported, type UnsupportedConstruct, unsupported } from "./unsupported.ts";

/**
 * The outermost of what stands around a place that the language does not have at all: `async`, `throw`, a class. What TypeScript finds wrong inside is
 * beside the point then.
 */
export function constructAround(file: ts.SourceFile, place: number): UnsupportedConstruct | undefined {
  for (let node: ts.Node | undefined = file; node !== undefined; node = childAt(node, place, file)) {
    if (isUnsupported(node)) return { is: unsupported(node), node };
    if (!ts.isFunctionDeclaration(node) && !ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) continue;
    // A parameter with a default value does not make the body another one; `async` does.
    const head = unsupportedInHead(node).find((one) => !ts.isParameter(one.node) && !ts.isParameter(one.node.parent));
    if (head !== undefined) return head;
  }
  return undefined;
}

function childAt(node: ts.Node, place: number, file: ts.SourceFile): ts.Node | undefined {
  return ts.forEachChild(node, (child) => (child.getStart(file) <= place && place < child.end ? child : undefined));
}
