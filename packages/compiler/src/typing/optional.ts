import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { ExpressionSyntax, OptionalSyntax } from "../syntax/expression.ts";
import type { Expression } from "../tree/expression.ts";
import { isFresh } from "../tree/fresh.ts";
import type { Local } from "../tree/local.ts";
import { isScalar, type KernelType, recordType } from "../types/kernel-type.ts";
import { typeName } from "../types/type-name.ts";
import { commonType } from "./arithmetic.ts";
import { coerce, convert } from "./coerce.ts";
import type { Typing } from "./typing.ts";

type CoalesceSyntax = ExpressionSyntax & { readonly kind: "coalesce" };

/** `record?.inner` where a record or null is wanted. A number has no null: `??` or a comparison says what is then. */
export function typeOptional(syntax: OptionalSyntax, typing: Typing): Expression {
  return withRecord(syntax, typing, (whenFound) => {
    const { type } = whenFound;
    if (type.kind !== "record") throw new Mistake("WEIR1116", syntax.span);
    return {
      whenFound,
      otherwise: Object.freeze({ kind: "null", type: recordType(type.layout, true), span: syntax.span }),
    };
  });
}

/**
 * `record?.field` in an expression that knows what it is where the record is null.
 *
 * @param make of the field, and without it, what the expression is in both cases
 */
export function withRecord(
  { object: objectSyntax, found: declaration, value, span }: OptionalSyntax,
  typing: Typing,
  make: (value: Expression) => { readonly whenFound: Expression; readonly otherwise: Expression },
): Expression {
  const record = typing.expression(objectSyntax);
  if (record.type.kind !== "record") {
    throw new Mistake("WEIR1108", objectSyntax.span, "a record or null", typeName(record.type, typing.layoutNames));
  }
  const found = foundLocal(record, objectSyntax.span);
  typing.declare(declaration, found);
  const { whenFound, otherwise } = make(typing.expression(value));
  const type = resultType(whenFound, otherwise);
  return Object.freeze({ kind: "optional", type, record, found, whenFound, otherwise, span });
}

/** `left ?? right`. */
export function typeCoalesce(syntax: CoalesceSyntax, expected: KernelType | undefined, typing: Typing): Expression {
  const { left, right, span } = syntax;
  if (left.kind === "optional") {
    return withRecord(left, typing, (whenFound) => both(whenFound, right, expected, typing));
  }
  const record = typing.expression(left);
  if (record.type.kind !== "record") throw new Mistake("WEIR1117", span);
  const found = foundLocal(record, left.span);
  const local: Expression = Object.freeze({ kind: "local", type: found.type, local: found, span: left.span });
  const { whenFound, otherwise } = both(local, right, expected, typing);
  return Object.freeze({
    kind: "optional",
    type: resultType(whenFound, otherwise),
    record,
    found,
    whenFound,
    otherwise,
    span,
  });
}

function both(left: Expression, rightSyntax: ExpressionSyntax, expected: KernelType | undefined, typing: Typing) {
  const { type } = left;
  const right = typing.expression(rightSyntax, expected ?? type);
  if (isFresh(left) || isFresh(right)) throw new Mistake("WEIR1304", rightSyntax.span);
  if (isScalar(type) && isScalar(right.type)) {
    const common =
      type.kind === "integer" && right.type.kind === "integer" && type.signed === right.type.signed
        ? type.bits > right.type.bits
          ? type
          : right.type
        : commonType("??", type, right.type, rightSyntax.span);
    return { whenFound: convert(left, common), otherwise: convert(right, common) };
  }
  if (type.kind === "record" && right.type.kind === "record") {
    const nullable = recordType(type.layout, right.type.nullable);
    return { whenFound: left, otherwise: coerce(right, nullable, typing.layoutNames) };
  }
  return { whenFound: left, otherwise: coerce(right, type, typing.layoutNames) };
}

/** A record of either way may be null when that of one way may. */
function resultType({ type: found }: Expression, { type: otherwise }: Expression): KernelType {
  return found.kind === "record" && otherwise.kind === "record" && otherwise.nullable ? otherwise : found;
}

function foundLocal({ type }: Expression, span: Span): Local {
  if (type.kind !== "record") throw new Error("only a record may be null");
  return Object.freeze({
    name: "found",
    type: recordType(type.layout),
    mutable: false,
    fresh: false,
    span,
  });
}
