import type { CodeAction } from "./code.ts";
import type { Register } from "./register.ts";

export interface Move {
  readonly to: Register;
  readonly from: Register;
}

/** Moves that all happen at once, as moves one after the other; a cycle of them goes by way of a new register. */
export function inSequence(moves: readonly Move[], newRegister: () => Register): CodeAction[] {
  const result: CodeAction[] = [];
  let pending = moves.filter(({ to, from }) => to !== from);
  while (pending.length > 0) {
    const ready = pending.filter(({ to }) => !pending.some(({ from }) => from === to));
    if (ready.length > 0) {
      for (const { to, from } of ready) result.push({ kind: "move", to, from });
      pending = pending.filter((move) => !ready.includes(move));
      continue;
    }
    // Every target is still to be read: free one of them.
    const [{ to: occupied } = { to: 0 }] = pending;
    const kept = newRegister();
    result.push({ kind: "move", to: kept, from: occupied });
    pending = pending.map((move) => (move.from === occupied ? { to: move.to, from: kept } : move));
  }
  return result;
}
