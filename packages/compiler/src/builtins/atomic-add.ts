import type { Value } from "@weir/codegen";
import { Mistake } from "../diagnostics/mistake.ts";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import { lowered } from "../lowering/lowered.ts";
import type { BuiltinNode, MemberNode } from "../tree/expression.ts";
import { typeOfLayout } from "../types/kernel-type.ts";
import { wrap } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import { argument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { nth } from "./nth.ts";

/** `atomicAdd(record, "field", amount)`: adds at once for all CPUs, gives what was there before. */
export const atomicAdd: Builtin = {
  name: "atomicAdd",
  needsMemory: true,
  check(call, typing) {
    const syntax = argument(call, 0);
    const record = typing.expression(syntax);
    const { type } = record;
    if (type.kind !== "record") {
      throw new Mistake("WEIR1108", syntax.span, "a record", typeName(type, typing.layoutNames));
    }
    const nameSyntax = argument(call, 1);
    const name = typing.constants.evaluate(nameSyntax);
    if (name?.kind !== "string") throw new Mistake("WEIR1307", nameSyntax.span);
    const field = type.layout.fields.find((candidate) => candidate.name === name.value);
    if (field === undefined) throw new Mistake("WEIR1301", nameSyntax.span, name.value);
    const fieldType = typeOfLayout(field.layout);
    if (fieldType.kind !== "integer" || fieldType.bits < 32) throw new Mistake("WEIR1306", nameSyntax.span);
    const place: MemberNode = Object.freeze({
      kind: "member",
      type: fieldType,
      record,
      name: field.name,
      offset: field.offset,
      span: call.span,
    });
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
    const [place, type] = memberOf(node);
    const before = interpreter.integer(place);
    interpreter.assign(place, wrap(type, before + interpreter.integer(nth(node, 1))));
    return before;
  },
};

function memberOf(node: BuiltinNode): [place: MemberNode, type: MemberNode["type"] & { kind: "integer" }] {
  const place = nth(node, 0);
  if (place.kind !== "member" || place.type.kind !== "integer") throw new Error("atomicAdd needs a field");
  return [place, place.type];
}

/** Without the value before, the addition is cheaper. */
function add(node: BuiltinNode, wantOld: boolean, lowering: FunctionLowering): Value | undefined {
  const [place, type] = memberOf(node);
  const record = lowering.address(lowering.place(place.record));
  const amount = lowering.value(nth(node, 1));
  return lowering.builder.atomicAdd(type.bits === 64 ? 64 : 32, record, place.offset, amount, wantOld);
}
