import type { Layout } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import type { ConstantKind, ConstantOf } from "./constant.ts";
import type { WordCall } from "./word-call.ts";

/** The constant of the expected kind that an argument is. */
export function constantArgument<Kind extends ConstantKind>(
  { call, constants, name }: WordCall,
  index: number,
  kind: Kind,
): ConstantOf<Kind> {
  const syntax = call.arguments[index];
  if (syntax === undefined) throw new Mistake("WEIR1201", call.span);
  const constant = constants.evaluate(syntax, name);
  // Narrowed by the comparison, which the checker cannot see through the type parameter.
  if (constant?.kind === kind) return constant as ConstantOf<Kind>;
  throw new Mistake("WEIR1201", syntax.span);
}

/** A property of an options object: `{ value: Stats, maxEntries: 1 }`. */
export function optionSyntax(options: ExpressionSyntax | undefined, name: string): ExpressionSyntax | undefined {
  return options?.kind === "object" ? options.properties.find((property) => property.name === name)?.value : undefined;
}

/** A property that is true or false; false unless given. */
export function flagOption({ constants }: WordCall, options: ExpressionSyntax | undefined, name: string): boolean {
  const syntax = optionSyntax(options, name);
  if (syntax === undefined) return false;
  const constant = constants.evaluate(syntax);
  if (constant?.kind !== "boolean") throw new Mistake("WEIR1201", syntax.span);
  return constant.value;
}

/** Refuses names that the kernel refuses in BTF and TypeScript does not. */
export function checkName(span: Span, name: string, what: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new Mistake("WEIR1209", span, name, what);
}

export function layoutOption(
  word: WordCall,
  name: string,
): { readonly layout: Layout; readonly syntax: ExpressionSyntax } {
  const syntax = optionSyntax(word.call.arguments[0], name);
  const constant = syntax && word.constants.evaluate(syntax);
  if (syntax === undefined || constant?.kind !== "layout")
    throw new Mistake("WEIR1201", syntax?.span ?? word.call.span);
  return { layout: constant.layout, syntax };
}
