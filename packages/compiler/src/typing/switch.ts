import { Mistake } from "../diagnostics/mistake.ts";
import type { StatementSyntax, SwitchClauseSyntax } from "../syntax/statement.ts";
import type { Statement } from "../tree/statement.ts";
import { isScalar, type ScalarType } from "../types/kernel-type.ts";
import { typeName } from "../types/type-name.ts";
import type { Typing } from "./typing.ts";

/** `switch` over an integer; each `case` is a constant that fits into its type. */
export function typeSwitch(syntax: StatementSyntax & { kind: "switch" }, typing: Typing): Statement {
  const subject = typing.expression(syntax.subject);
  const { type } = subject;
  if (!isScalar(type)) {
    throw new Mistake("WEIR1108", syntax.subject.span, "an integer", typeName(type, typing.layoutNames));
  }
  return typing.jumps.within(false, (target) => {
    const clauses = syntax.clauses.map((clause) =>
      Object.freeze({ test: test(clause, type, typing), body: typing.statements(clause.body), span: clause.span }),
    );
    return Object.freeze({ kind: "switch", target, subject, clauses, span: syntax.span });
  });
}

function test({ test: syntax }: SwitchClauseSyntax, type: ScalarType, typing: Typing): bigint | undefined {
  if (syntax === undefined) return undefined;
  const node = typing.value(syntax, type);
  // A constant stays one when it is converted.
  if (node.kind !== "literal") throw new Mistake("WEIR1201", syntax.span);
  return node.value;
}
