import type { ConstantOf } from "../constants/constant.ts";
import { tableOf } from "../constants/global-variable.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { ExpressionSyntax } from "../syntax/expression.ts";
import type { StatementSyntax } from "../syntax/statement.ts";
import type { Expression } from "../tree/expression.ts";
import type { Local } from "../tree/local.ts";
import type { Statement } from "../tree/statement.ts";
import { isScalar, type KernelType, type ScalarType } from "../types/kernel-type.ts";
import { i32, u32, u64 } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import { type ScalarExpression, typeOperands, typeScalar } from "./arithmetic.ts";
import { convert } from "./coerce.ts";
import { compare } from "./comparison.ts";
import { typeDeclarations } from "./declaration.ts";
import { elementNode } from "./element.ts";
import { isCompileTime } from "./generic.ts";
import { globalNode } from "./global-node.ts";
import { literal } from "./literal.ts";
import type { Typing } from "./typing.ts";

type ForOfSyntax = StatementSyntax & { readonly kind: "for-of" };

/** `for (const x of …)`: over `range(…)`, the elements of an array, or a list of constants. */
export function typeForOf(syntax: ForOfSyntax, typing: Typing): Statement {
  const { iterable } = syntax;
  const constant = typing.constants.evaluate(iterable);
  if (constant?.kind === "list") {
    return constant.elements.some(isCompileTime) && constant.element === undefined
      ? typeTurns(constant, syntax, typing)
      : typeElements(globalNode(tableOf(constant, iterable.span, typing.constants), iterable.span), syntax, typing);
  }
  if (iterable.kind === "call" && isRange(iterable, typing)) return typeRange(iterable, syntax, typing);
  const array = typing.expression(iterable);
  if (array.type.kind !== "array") {
    throw new Mistake("WEIR1108", iterable.span, "an array or range(…)", typeName(array.type, typing.layoutNames));
  }
  return typeElements(array, syntax, typing);
}

function isRange({ callee }: ExpressionSyntax & { kind: "call" }, typing: Typing): boolean {
  const word = typing.constants.evaluate(callee);
  return word?.kind === "word" && word.name === "range";
}

/** A turn for each element, in each of which the name stands for another constant. */
function typeTurns(list: ConstantOf<"list">, { variable, parts, body, span }: ForOfSyntax, typing: Typing): Statement {
  return typing.jumps.within(true, (target): Statement => {
    const turns = list.elements.map((element) =>
      typing.inScope((scope) => {
        scope.bind(variable, element);
        const declared = typeDeclarations(parts, typing);
        return block([...declared, ...typing.statements([body])], body);
      }),
    );
    return Object.freeze({ kind: "turns", target, turns, span });
  });
}

function typeElements(array: Expression, syntax: ForOfSyntax, typing: Typing): Statement {
  const { span } = syntax.iterable;
  if (array.type.kind !== "array") throw new Error("only arrays have elements");
  const { length } = array.type.layout;
  const held: Local = Object.freeze({
    name: "elements",
    type: array.type,
    mutable: false,
    fresh: false,
    span,
  });
  const hold: Statement = Object.freeze({ kind: "declare", local: held, initializer: array, span });
  const elements: Expression = Object.freeze({ kind: "local", type: array.type, local: held, span });
  const loop = counting(literal(u32, 0n, span), literal(u32, BigInt(length), span), u32, syntax, typing, (at) =>
    elementNode(elements, convert(at, u64), syntax.variable.span),
  );
  return block([hold, ...loop], syntax);
}

/** `range(to)` and `range(from, to)`: numbers from the first on, without the last. */
function typeRange(call: ExpressionSyntax & { kind: "call" }, syntax: ForOfSyntax, typing: Typing): Statement {
  const [first, second] = call.arguments;
  if (first === undefined) throw new Mistake("WEIR1405", call.span, "`range`", 1, 0);
  let [from, to]: [Expression, ScalarExpression] = [literal(u32, 0n, call.span), typeScalar("range", first, typing)];
  if (second !== undefined) [from, to] = typeOperands("range", first, second, typing);
  const type = rangeType(from, to, second !== undefined, call, typing);
  return block(
    counting(convert(from, type), convert(to, type), type, syntax, typing, (at) => at),
    syntax,
  );
}

function rangeType(
  from: Expression,
  to: ScalarExpression,
  hasStart: boolean,
  { span }: ExpressionSyntax,
  typing: Typing,
): ScalarType {
  const wide = (type: KernelType): ScalarType => {
    if (type.kind !== "integer") throw new Mistake("WEIR1108", span, "integers", typeName(type, typing.layoutNames));
    if (type.bits === 64) return type;
    return type.signed ? i32 : u32;
  };
  const [a, b] = [wide(to.type), hasStart ? wide(from.type) : undefined];
  if (b === undefined || a === b) return a;
  if (a.signed !== b.signed) throw new Mistake("WEIR1104", span, "range", b.name, a.name);
  return a.bits > b.bits ? a : b;
}

/** A loop whose counter nobody else sees; the variable is what `valueAt` makes of it. */
function counting(
  from: Expression,
  to: Expression,
  type: ScalarType,
  { variable, parts, body, span }: ForOfSyntax,
  typing: Typing,
  valueAt: (counter: Expression) => Expression,
): readonly Statement[] {
  const at = variable.span;
  const hidden = (name: string, mutable: boolean, of: KernelType): Local =>
    Object.freeze({ name, type: of, mutable, fresh: false, span: at });
  const counter = hidden("counter", true, type);
  const read = (local: Local): Expression => Object.freeze({ kind: "local", type: local.type, local, span: at });
  const statements: Statement[] = [Object.freeze({ kind: "declare", local: counter, initializer: from, span: at })];
  let limit = to;
  // It is computed once, whatever the body changes.
  if (to.kind !== "literal") {
    const last = hidden("last", false, type);
    statements.push(Object.freeze({ kind: "declare", local: last, initializer: to, span: to.span }));
    limit = read(last);
  }
  const loop = typing.jumps.within(true, (target): Statement => {
    const value = valueAt(read(counter));
    const element: Local = Object.freeze({
      name: variable.name,
      type: value.type,
      mutable: !variable.constant,
      fresh: false,
      span: at,
    });
    const inner = typing.inScope((scope) => {
      scope.declareLocal(variable, element);
      return [...typeDeclarations(parts, typing), ...typing.statements([body])];
    });
    const declare: Statement = Object.freeze({ kind: "declare", local: element, initializer: value, span: at });
    const one = literal(type, 1n, at);
    const target_: Expression = read(counter);
    if (target_.kind !== "local" || !isScalar(target_.type)) throw new Error("a counter is an integer");
    return Object.freeze({
      kind: "loop",
      target,
      condition: compare("<", read(counter), limit, span),
      bodyFirst: false,
      update: Object.freeze({
        kind: "update",
        type,
        target: target_,
        operator: "+",
        operation: type,
        value: one,
        gives: "after",
        span: at,
      }),
      body: block([declare, ...inner], body),
      span,
    });
  });
  return [...statements, loop];
}

const block = (body: readonly Statement[], { span }: { readonly span: Statement["span"] }): Statement =>
  Object.freeze({ kind: "block", body, span });
