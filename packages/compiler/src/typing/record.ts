import type { Layout } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import type { ExpressionSyntax, ObjectSyntax } from "../syntax/expression.ts";
import type { Expression } from "../tree/expression.ts";
import { type KernelType, recordType, typeOfLayout } from "../types/kernel-type.ts";
import { u8 } from "../types/scalar.ts";
import type { Typing } from "./typing.ts";

/** `{ source: ip.source, … }`: a new record, where one with a known layout is expected. */
export function typeRecord(syntax: ObjectSyntax, expected: KernelType | undefined, typing: Typing): Expression {
  if (expected?.kind !== "record") throw new Mistake("WEIR1311", syntax.span);
  const { layout } = expected;
  const fields = syntax.properties.map(({ name, value, span }) => {
    const field = layout.fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw new Mistake("WEIR1301", span, name);
    return Object.freeze({ offset: field.offset, value: typePart(value, field.layout, typing) });
  });
  return Object.freeze({ kind: "record", type: recordType(layout), fields, span: syntax.span });
}

/** `[1, 2, 3]` for an array field of a new record. */
function typeList(syntax: ExpressionSyntax & { kind: "list" }, expected: KernelType, typing: Typing): Expression {
  if (expected.kind !== "array") throw new Mistake("WEIR1313", syntax.span);
  const { layout } = expected;
  if (syntax.elements.length !== layout.length) {
    throw new Mistake("WEIR1108", syntax.span, `${layout.length} elements`, `${syntax.elements.length}`);
  }
  const elements = syntax.elements.map((element) =>
    layout.kind === "array" ? typePart(element, layout.element, typing) : typing.value(element, u8),
  );
  const stride = layout.kind === "array" ? layout.element.size : 1;
  return Object.freeze({ kind: "list", type: expected, stride, elements, span: syntax.span });
}

function typePart(syntax: ExpressionSyntax, layout: Layout, typing: Typing): Expression {
  const type = typeOfLayout(layout);
  return syntax.kind === "list" ? typeList(syntax, type, typing) : typing.value(syntax, type);
}
