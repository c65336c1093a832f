/** The blocks that can be reached from `entry`, each before its successors except for jumps back. */
export function reversePostorder<B>(entry: B, successorsOf: (block: B) => readonly B[]): B[] {
  const order: B[] = [];
  const seen = new Set([entry]);
  const stack: { block: B; next: number }[] = [{ block: entry, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    // The last successor first: so the first one comes right behind its block in the result.
    const successors = successorsOf(top.block);
    const successor = successors[successors.length - 1 - top.next++];
    if (successor === undefined) {
      order.push(top.block);
      stack.pop();
    } else if (!seen.has(successor)) {
      seen.add(successor);
      stack.push({ block: successor, next: 0 });
    }
  }
  return order.reverse();
}
