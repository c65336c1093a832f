import { isKernelOwned, type Layout, type StructLayout, visibleFields } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { ExpressionSyntax, ObjectSyntax } from "../syntax/expression.ts";
import type { Expression } from "../tree/expression.ts";
import type { RecordFieldNode } from "../tree/record.ts";
import { type KernelType, recordType, typeOfLayout } from "../types/kernel-type.ts";
import { u8 } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import { coerce } from "./coerce.ts";
import { emptyNode } from "./empty-node.ts";
import type { Typing } from "./typing.ts";
import { unsupportedMistake } from "./unsupported.ts";

/** `MAX_BPF_STACK`. */
const STACK_SIZE = 512;

/** `{ source: ip.source, … }`: a new record, where one with a known layout is expected. */
export function typeRecord(syntax: ObjectSyntax, expected: KernelType | undefined, typing: Typing): Expression {
  if (expected?.kind !== "record") {
    throw new Mistake(
      expected?.kind === "array" || spreadsArray(syntax, typing) ? "WEIR1322" : "WEIR1311",
      syntax.span,
    );
  }
  const { layout } = expected;
  if (layout.size > STACK_SIZE) {
    throw new Mistake(
      "WEIR1601",
      syntax.span,
      `a record of ${layout.size} bytes is made here, the stack has ${STACK_SIZE}`,
    );
  }
  const fields = new Map<number, RecordFieldNode>();
  for (const { name, value, span } of syntax.properties) {
    const set =
      name === undefined ? spreadFields(value, layout, typing) : [fieldNode(name, value, layout, span, typing)];
    for (const field of set) fields.set(field.offset, field);
  }
  // What is the kernel's own begins empty.
  for (const { offset, layout: part } of layout.fields) {
    if (isKernelOwned(part)) fields.set(offset, Object.freeze({ offset, value: emptyNode(part, syntax.span) }));
  }
  const missing = layout.fields.find(({ offset }) => !fields.has(offset));
  if (missing !== undefined) throw new Mistake("WEIR1108", syntax.span, `the field ${missing.name}`, "none");
  return Object.freeze({ kind: "record", type: recordType(layout), fields: [...fields.values()], span: syntax.span });
}

function fieldNode(
  name: string,
  value: ExpressionSyntax,
  layout: StructLayout,
  span: Span,
  typing: Typing,
): RecordFieldNode {
  const field = layout.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Mistake("WEIR1301", span, name);
  return Object.freeze({ offset: field.offset, value: typePart(value, field.layout, typing) });
}

/** `...record`: those of its fields that the new record has. */
function spreadFields(syntax: ExpressionSyntax, layout: StructLayout, typing: Typing): readonly RecordFieldNode[] {
  const record = typing.expression(syntax);
  const { type, span } = record;
  if (type.kind !== "record") throw new Mistake("WEIR1108", span, "a record", typeName(type, typing.layoutNames));
  if (type.nullable) throw new Mistake("WEIR1109", span);
  // It is read field by field, so it must not be something that is done.
  if (!isNamed(record)) throw new Mistake("WEIR1315", span);
  return visibleFields(type.layout).flatMap((field) => {
    const own = layout.fields.find((candidate) => candidate.name === field.name);
    if (own === undefined) return [];
    const { name, offset } = field;
    const member: Expression = Object.freeze({
      kind: "member",
      type: typeOfLayout(field.layout),
      record,
      name,
      offset,
      span,
    });
    return [Object.freeze({ offset: own.offset, value: coerce(member, typeOfLayout(own.layout), typing.layoutNames) })];
  });
}

const spreadsArray = ({ properties }: ObjectSyntax, typing: Typing): boolean =>
  properties.some(({ name, value }) => name === undefined && typing.expression(value).type.kind === "array");

const isNamed = (node: Expression): boolean =>
  node.kind === "member" ? isNamed(node.record) : node.kind === "local" || node.kind === "global";

/** `[1, 2, 3]` for an array field of a new record. */
function typeList(syntax: ExpressionSyntax & { kind: "list" }, expected: KernelType, typing: Typing): Expression {
  if (expected.kind !== "array") throw new Mistake("WEIR1313", syntax.span);
  const { layout } = expected;
  // Their number would say nothing.
  for (const element of syntax.elements) if (element.kind === "unsupported") throw unsupportedMistake(element);
  if (syntax.elements.length !== layout.length) {
    throw new Mistake("WEIR1108", syntax.span, `${layout.length} elements`, `${syntax.elements.length}`);
  }
  const elements = syntax.elements.map((element) =>
    layout.kind === "array" ? typePart(element, layout.element, typing) : typing.value(element, u8),
  );
  const stride = layout.kind === "array" ? layout.element.size : 1;
  return Object.freeze({ kind: "list", type: expected, stride, elements, span: syntax.span });
}

/** What becomes a part of a record or an array. */
export function typePart(syntax: ExpressionSyntax, layout: Layout, typing: Typing): Expression {
  const type = typeOfLayout(layout);
  return syntax.kind === "list" ? typeList(syntax, type, typing) : typing.value(syntax, type);
}
