import { BlockSet, type Numbered } from "./block-set.ts";

/** The blocks that can be reached from `entry`, each before its successors except for jumps back. */
export function reversePostorder<B extends Numbered>(entry: B, successorsOf: (block: B) => readonly B[]): B[] {
  const order: B[] = [];
  const seen = new BlockSet();
  seen.add(entry);
  // With how many of its successors are still to be gone to.
  const first = successorsOf(entry);
  const stack = [{ block: entry, successors: first, left: first.length }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    // The last successor first: so the first one comes right behind its block in the result.
    const successor = top.successors[--top.left];
    if (successor === undefined) {
      order.push(top.block);
      stack.pop();
    } else if (seen.add(successor)) {
      const successors = successorsOf(successor);
      stack.push({ block: successor, successors, left: successors.length });
    }
  }
  return order.reverse();
}
