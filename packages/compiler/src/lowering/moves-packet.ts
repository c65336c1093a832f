import { reachableFunctions } from "../tree/called-functions.ts";
import type { FunctionTree } from "../tree/function.ts";
import { expressionsIn } from "../tree/nodes.ts";

/** Whether a function, or what it calls, moves the packet anywhere: then each way through it has its own pointers to the packet. */
export function movesPacket(start: FunctionTree): boolean {
  return [...reachableFunctions(start)].some(({ body }) =>
    expressionsIn(body).some((node) => node.kind === "builtin" && node.builtin.movesPacket === true),
  );
}
