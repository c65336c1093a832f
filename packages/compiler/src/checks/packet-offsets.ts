import type { Reporter } from "../diagnostics/reporter.ts";
import { reachableFunctions, walk } from "../tree/children.ts";
import type { FunctionTree } from "../tree/function.ts";
import { definitionsOf } from "./definitions.ts";
import { largestOf } from "./largest.ts";

/** `MAX_PACKET_OFF` of the verifier: it forgets the bounds of packet pointers that may lie farther behind. */
const FURTHEST = 0xffffn;

/** Refuses packet offsets that the verifier would refuse, and names what makes them too large. */
export function checkPacketOffsets(program: FunctionTree, reporter: Reporter): void {
  const definitions = definitionsOf(program);
  for (const tree of reachableFunctions(program)) {
    walk(tree.body, {
      expression: (node) => {
        if (node.kind !== "builtin" || !node.builtin.reachesPacket || node.type.kind !== "record") return;
        const [, offset] = node.arguments;
        if (offset === undefined) return;
        const { value, cause } = largestOf(offset, definitions);
        if (value + BigInt(node.type.layout.size) <= FURTHEST) return;
        const notes = cause === offset ? [] : [{ message: "the packet is read there", span: node.span }];
        reporter.reportWithNotes("WEIR1501", cause.span, notes);
      },
    });
  }
}
