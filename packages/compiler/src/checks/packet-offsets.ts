import type { Reporter } from "../diagnostics/reporter.ts";
import type { Followed } from "../flow/follow.ts";
import { reachableFunctions } from "../tree/called-functions.ts";
import type { FunctionTree } from "../tree/function.ts";
import type { Local } from "../tree/local.ts";
import { expressionsIn } from "../tree/nodes.ts";
import { isScalar } from "../types/kernel-type.ts";
import { maximum } from "../types/scalar.ts";
import { definitionsOf } from "./definitions.ts";
import { largestOf } from "./largest.ts";

/** `MAX_PACKET_OFF` of the verifier: it forgets the bounds of packet pointers that may lie farther behind. */
const FURTHEST = 0xffffn;

const anyTurn = ({ type }: Local): bigint => (isScalar(type) ? maximum(type) : 0n);

/**
 * Refuses packet offsets that the verifier would refuse, and names what makes them too large.
 *
 * @param followed what the turns of loops can be; undefined where mistakes hide it, and nothing is said of them
 * @returns parameters that count turns, with the last one, where the offset is small enough because of it: the verifier has to be shown
 */
export function checkPacketOffsets(
  program: FunctionTree,
  followed: Followed | undefined,
  reporter: Reporter,
): ReadonlyMap<Local, bigint> {
  const definitions = definitionsOf(program);
  const unseen = new Map<Local, bigint>();
  for (const tree of reachableFunctions(program)) {
    for (const node of expressionsIn(tree.body)) {
      if (node.kind !== "builtin" || !node.builtin.reachesPacket || node.type.kind !== "record") continue;
      const [, offset] = node.arguments;
      if (offset === undefined) continue;
      const most = FURTHEST - BigInt(node.type.layout.size);
      // Whatever the turn is: it is masked, perhaps.
      if (largestOf(offset, definitions, anyTurn).value <= most) continue;
      const counted = new Map<Local, bigint>();
      const { value, cause } = largestOf(offset, definitions, (local) => {
        const last = followed?.turns.get(local)?.exact.high;
        if (last !== undefined) counted.set(local, last);
        return last;
      });
      if (value <= most) {
        // Also where they are compared: perhaps with something else, or behind the access.
        for (const [local, last] of counted) unseen.set(local, last);
        continue;
      }
      if (largestOf(offset, definitions).value <= most) continue;
      const notes = cause === offset ? [] : [{ message: "the packet is read there", span: node.span }];
      reporter.reportWithNotes("WEIR1501", cause.span, notes);
    }
  }
  return unseen;
}
