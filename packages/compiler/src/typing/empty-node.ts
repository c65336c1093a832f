import type { Layout } from "@weir/bytecode/layout";
import type { Span } from "../source-file.ts";
import type { Expression } from "../tree/expression.ts";
import { isScalar, recordType, typeOfLayout } from "../types/kernel-type.ts";
import { u8 } from "../types/scalar.ts";
import { booleanLiteral, literal } from "./literal.ts";

/** A value that is all zeros. */
export function emptyNode(layout: Layout, span: Span): Expression {
  const type = typeOfLayout(layout);
  if (isScalar(type)) return literal(type, 0n, span);
  switch (layout.kind) {
    case "scalar":
      return booleanLiteral(false, span);
    case "struct": {
      const fields = layout.fields.map((field) =>
        Object.freeze({ offset: field.offset, value: emptyNode(field.layout, span) }),
      );
      return Object.freeze({ kind: "record", type: recordType(layout), fields, span });
    }
    default: {
      const [element, stride] = layout.kind === "array" ? [layout.element, layout.element.size] : [undefined, 1];
      const zero = element === undefined ? literal(u8, 0n, span) : emptyNode(element, span);
      const elements = Array.from({ length: layout.length }, () => zero);
      return Object.freeze({ kind: "list", type: Object.freeze({ kind: "array", layout }), stride, elements, span });
    }
  }
}
