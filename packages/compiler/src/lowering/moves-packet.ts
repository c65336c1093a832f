import { reachableFunctions, walk } from "../tree/children.ts";
import type { FunctionTree } from "../tree/function.ts";

/** Whether a function, or what it calls, moves the packet anywhere: then each way through it has its own pointers to the packet. */
export function movesPacket(start: FunctionTree): boolean {
  let moves = false;
  for (const tree of reachableFunctions(start)) {
    walk(tree.body, {
      expression: (node) => {
        moves ||= node.kind === "builtin" && node.builtin.movesPacket === true;
      },
    });
  }
  return moves;
}
