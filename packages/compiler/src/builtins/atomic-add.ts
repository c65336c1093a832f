import type { Value } from "@weir/codegen";
import { Mistake } from "../diagnostics/mistake.ts";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import { lowered } from "../lowering/lowered.ts";
import type { BuiltinNode } from "../tree/call.ts";
import { wrap } from "../types/scalar.ts";
import { argument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { fieldArgument, fieldOf } from "./field-argument.ts";
import { nth } from "./nth.ts";

/** `atomicAdd(record, "field", amount)`: adds at once for all CPUs, gives what was there before. */
export const atomicAdd: Builtin = {
  name: "atomicAdd",
  inMemory: 0,
  check(call, typing) {
    const place = fieldArgument(call, 0, typing);
    const fieldType = place.type;
    if (fieldType.kind !== "integer" || fieldType.bits < 32) throw new Mistake("WEIR1306", argument(call, 1).span);
    return { type: fieldType, arguments: [place, typing.value(argument(call, 2), fieldType)] };
  },
  lower(node, lowering) {
    const before = add(node, true, lowering);
    if (before === undefined) throw new Error("an atomic addition gave no value");
    return lowered(before);
  },
  lowerEffect(node, lowering) {
    add(node, false, lowering);
  },
  interpret(node, interpreter) {
    const [place, type] = fieldOf(node, 0);
    // The amount first: what it calls may change the field.
    const amount = interpreter.integer(nth(node, 1));
    const before = interpreter.integer(place);
    interpreter.assign(place, wrap(type, before + amount));
    return before;
  },
};

/** Without the value before, the addition is cheaper. */
function add(node: BuiltinNode, wantOld: boolean, lowering: FunctionLowering): Value | undefined {
  const [place, type] = fieldOf(node, 0);
  const record = lowering.address(lowering.place(place.record));
  const amount = lowering.value(nth(node, 1));
  return lowering.builder.atomicAdd(type.bits === 64 ? 64 : 32, record, place.offset, amount, wantOld);
}
