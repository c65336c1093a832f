import { Mistake } from "../diagnostics/mistake.ts";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import { loweredPlace } from "../lowering/lowered.ts";
import { packetPlace } from "../lowering/part.ts";
import { inside, type RecordPlace, shifted } from "../lowering/place.ts";
import type { Expression } from "../tree/expression.ts";
import { recordType } from "../types/kernel-type.ts";
import { u32, u64 } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import { convert } from "../typing/coerce.ts";
import type { Typing } from "../typing/typing.ts";
import { argument, structArgument } from "./arguments.ts";
import type { Builtin, BuiltinCall } from "./builtin.ts";
import { nth, only } from "./nth.ts";

/** `view(record, Layout)`: the same memory read as another record; `view(array, Layout, at)`: from a byte of an array on. */
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
    const at = offsetArgument(call, record, typing);
    // What is not constant is the verifier's to check, as an index is.
    const left = type.layout.size - (at?.kind === "literal" ? Number(at.value) : 0);
    if (layout.size > left) throw new Mistake("WEIR1302", call.span, Math.max(left, 0), layout.size);
    return { type: recordType(layout), arguments: at === undefined ? [record] : [record, at] };
  },
  lower(node, lowering) {
    const place = lowering.place(only(node));
    if (node.arguments.length === 1) return loweredPlace(place);
    const at = nth(node, 1);
    if (place.kind === "memory" && place.inPacket === true && at.kind !== "literal" && node.type.kind === "record") {
      return loweredPlace(packetPlace(place, lowering.value(at), node.type.layout.size, lowering));
    }
    return loweredPlace(placeAt(place, at, lowering));
  },
  interpret(node, interpreter) {
    const whole = interpreter.reference(only(node));
    if (node.arguments.length === 1) return whole;
    const at = Number(interpreter.integer(nth(node, 1)));
    const { type } = only(node);
    const size = type.kind === "array" ? type.layout.size : 0;
    if (node.type.kind === "record" && at + node.type.layout.size > size) {
      throw new RangeError(`a view of ${node.type.layout.size} bytes at ${at} of ${size}`);
    }
    return { memory: whole.memory, offset: whole.offset + at };
  },
};

function offsetArgument(call: BuiltinCall, record: Expression, typing: Typing): Expression | undefined {
  const syntax = call.arguments[2];
  if (syntax === undefined) return undefined;
  if (record.type.kind !== "array") {
    throw new Mistake("WEIR1108", argument(call, 0).span, "an array", typeName(record.type, typing.layoutNames));
  }
  return convert(typing.value(syntax, u32), u64);
}

/** The memory from a byte of an array on. */
export function placeAt(array: RecordPlace, at: Expression, lowering: FunctionLowering): RecordPlace {
  if (array.kind === "fields") throw new Error("an array in variables has no address");
  if (at.kind === "literal") return inside(array, Number(at.value));
  return shifted(array, lowering.builder.binary("add", 64, array.address, lowering.value(at)), 1);
}
