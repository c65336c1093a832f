import type { Expression } from "../tree/expression.ts";
import { statementsIn } from "../tree/nodes.ts";
import type { FunctionLowering } from "./function-lowering.ts";

/** Whether a record or an array lies in the packet, as far as the names that it comes by are known here. */
export function isInPacket(node: Expression, lowering: FunctionLowering): boolean {
  const inner = (one: Expression) => isInPacket(one, lowering);
  switch (node.kind) {
    case "builtin": {
      const [first] = node.arguments;
      return (
        node.builtin.reachesPacket === true || (node.builtin.name === "view" && first !== undefined && inner(first))
      );
    }
    case "local":
      return lowering.liesInPacket(node.local);
    case "member":
      return inner(node.record);
    case "element":
      return inner(node.array);
    case "conditional":
      return inner(node.whenTrue) || inner(node.whenFalse);
    case "optional":
      return inner(node.whenFound) || inner(node.otherwise);
    case "assign":
      return inner(node.value);
    case "call": {
      if (node.function.linkage !== "inline") return lowering.module.givesPacket(node.function);
      return statementsIn(node.function.body).some(
        (statement) => statement.kind === "return" && statement.value !== undefined && inner(statement.value),
      );
    }
    default:
      return false;
  }
}
