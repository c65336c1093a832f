import type { Block } from "./block.ts";
import type { IrFunction } from "./function.ts";
import { kernelCallee } from "./kernel-callee.ts";
import type { SourcePosition } from "./position.ts";
import { settle } from "./settle.ts";
import type { Value } from "./value.ts";

/** The helpers that take a lock and give it back. */
export interface LockingHelpers {
  readonly lock: number;
  readonly unlock: number;
}

/** What must not happen while a lock is held, or without one. */
export interface LockMistake {
  readonly kind: "called while locked" | "not unlocked" | "not locked";
  readonly position: SourcePosition | undefined;
  /** Where the lock was taken; undefined when it was not. */
  readonly locked: SourcePosition | undefined;
}

type Report = (mistake: LockMistake) => void;

/** What of a function the verifier would refuse because of locks: it lets a program hold one, and call nothing meanwhile. */
export function lockMistakes(irFunction: IrFunction, helpers: LockingHelpers): readonly LockMistake[] {
  settle(irFunction);
  const mistakes: LockMistake[] = [];
  const report: Report = (mistake) => {
    const { kind, position, locked } = mistake;
    const isKnown = mistakes.some((one) => one.kind === kind && one.position === position && one.locked === locked);
    if (!isKnown) mistakes.push(mistake);
  };
  // A block is gone through once for each lock that may be held at its beginning, and once without; one that several statements share once for each of them.
  const seen = new Map<Block, (readonly [Value | undefined, SourcePosition | undefined])[]>();
  const { entry, position: outside } = irFunction;
  // With where the last statement ended on the way to it.
  const work: (readonly [Block, Value | undefined, SourcePosition | undefined])[] = [[entry, undefined, outside]];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const [block, held, before] = next;
    const end = block.terminator;
    const isShared = end?.position === outside;
    const known = seen.get(block) ?? [];
    if (known.some(([lock, from]) => lock === held && (!isShared || from === before))) continue;
    seen.set(block, [...known, [held, before]]);
    const after = through(block, held, helpers, report);
    // A return that several share, as in callbacks, stands nowhere itself.
    const position = isShared ? before : end?.position;
    if (end?.kind === "return" && after !== undefined) {
      report({ kind: "not unlocked", position, locked: after.position });
    }
    for (const successor of block.successors) work.push([successor, after, position]);
  }
  return mistakes;
}

/** Goes through a block; gives the call by which a lock is held at its end. */
function through(block: Block, held: Value | undefined, helpers: LockingHelpers, report: Report): Value | undefined {
  let lock = held;
  for (const value of block.values) {
    const { operation, position } = value;
    if (!operation.kind.startsWith("call-")) continue;
    const helper = kernelCallee(operation);
    if (helper === helpers.unlock) {
      if (lock === undefined) report({ kind: "not locked", position, locked: undefined });
      lock = undefined;
    } else {
      if (lock !== undefined) report({ kind: "called while locked", position, locked: lock.position });
      if (helper === helpers.lock) lock = value;
    }
  }
  return lock;
}
