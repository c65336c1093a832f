import type { Block } from "./block.ts";
import { type Definitions, foundBy, redefine } from "./definitions.ts";
import { redirected, removePredecessor } from "./edges.ts";
import type { IrFunction } from "./function.ts";
import type { Value } from "./value.ts";

/** A way past some blocks, straight to where they lead. */
export interface Shortcut {
  readonly from: Block;
  /** The block that it leads to until then. */
  readonly first: Block;
  /** All blocks that are passed over. */
  readonly passed: Iterable<Block>;
  /** What the phis of those are on this way. */
  readonly known: ReadonlyMap<Value, Value>;
  readonly target: Block;
  /** What the phis of `target` are on this way. */
  readonly operands: readonly Value[];
}

/** Lets `from` go on to `target`, by way of a new block, which it gives: what is behind there sees what the phis are on this way. */
export function takeShortcut(irFunction: IrFunction, shortcut: Shortcut): Block {
  const { from, first, passed, known, target, operands } = shortcut;
  const { terminator } = from;
  if (terminator === undefined) throw new Error(`${from.name} has no end that could be sent elsewhere`);
  const way = irFunction.block("way");
  way.terminator = { kind: "jump", target, position: terminator.position };
  way.predecessors.push(from);
  from.terminator = redirected(terminator, first, way);
  removePredecessor(first, from);
  target.predecessors.push(way);
  const others = [...passed].flatMap((block) =>
    block.phis.flatMap((phi) => {
      const other = known.get(phi);
      return other === undefined || other === phi ? [] : [{ block, phi, other }];
    }),
  );
  const found = foundBy(irFunction, way, new Set(others.map(({ phi }) => phi)));
  for (const [index, phi] of target.phis.entries()) phi.operands.push(found(operands[index] ?? phi));
  const definitions = ({ block, phi, other }: (typeof others)[number]): Definitions =>
    new Map([
      [block, phi],
      [way, found(other)],
    ]);
  redefine(irFunction, new Map(others.map((each) => [each.phi, definitions(each)])));
  return way;
}
