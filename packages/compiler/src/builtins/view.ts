import { Mistake } from "../diagnostics/mistake.ts";
import { loweredPlace } from "../lowering/lowered.ts";
import { recordType } from "../types/kernel-type.ts";
import { typeName } from "../types/type-name.ts";
import { argument, structArgument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { only } from "./nth.ts";

/** `view(record, Layout)`: the same memory read as another record. */
export const view: Builtin = {
  name: "view",
  inMemory: 0,
  check(call, typing) {
    const syntax = argument(call, 0);
    const record = typing.expression(syntax);
    const { type } = record;
    if (type.kind !== "record" && type.kind !== "array") {
      throw new Mistake("WEIR1108", syntax.span, "a record", typeName(type, typing.layoutNames));
    }
    if (type.kind === "record" && type.nullable) throw new Mistake("WEIR1109", syntax.span);
    const layout = structArgument(call, 1, typing);
    if (layout.size > type.layout.size) throw new Mistake("WEIR1302", call.span, type.layout.size, layout.size);
    return { type: recordType(layout), arguments: [record] };
  },
  lower: (node, lowering) => loweredPlace(lowering.place(only(node))),
  interpret: (node, interpreter) => interpreter.reference(only(node)),
};
