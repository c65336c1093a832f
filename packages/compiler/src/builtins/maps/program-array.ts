import { helperNumber } from "@weir/bytecode";
import { Mistake } from "../../diagnostics/mistake.ts";
import { nothing } from "../../lowering/lowered.ts";
import { type ContextKind, isContext, voidType } from "../../types/kernel-type.ts";
import { u32 } from "../../types/scalar.ts";
import { typeName } from "../../types/type-name.ts";
import { argument } from "../arguments.ts";
import type { Builtin } from "../builtin.ts";
import { nth } from "../nth.ts";
import { mapOf } from "./map-of.ts";

/** Programs by what they are given. */
const contextNames: Readonly<Record<ContextKind, string>> = { packet: "xdp", buffer: "tcx", socket: "sockops" };

/** `map.call(packet, index)`: goes on as another program. */
export const programArrayBuiltins: readonly Builtin[] = [
  {
    name: "programs.call",
    check(call, typing) {
      const syntax = argument(call, 0);
      const context = typing.expression(syntax);
      if (!isContext(context.type)) {
        const found = typeName(context.type, typing.layoutNames);
        throw new Mistake("WEIR1108", syntax.span, "what the program is given", found);
      }
      const [first] = mapOf(call).programs;
      if (first !== undefined && first.kind.given !== context.type.kind)
        throw new Mistake("WEIR1326", call.span, first.name, first.section, contextNames[context.type.kind]);
      return { type: voidType, arguments: [context, typing.value(argument(call, 1), u32)] };
    },
    lower(node, lowering) {
      // The program that is gone on as would give its verdict to the caller of the subprogram.
      if (!lowering.isProgram) throw new Mistake("WEIR1409", node.span);
      const { builder } = lowering;
      const index = builder.zeroExtend(lowering.value(nth(node, 1)), 32, 64);
      const map = builder.mapAddress(mapOf(node).name);
      builder.callHelper(helperNumber("bpf_tail_call"), [lowering.context, map, index]);
      return nothing;
    },
    interpret(node, interpreter) {
      interpreter.tailCall(mapOf(node), interpreter.integer(nth(node, 1)));
      return undefined;
    },
  },
];
