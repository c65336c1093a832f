import type { Block, Terminator } from "../ir/block.ts";
import { type Definitions, redefine } from "../ir/definitions.ts";
import { dominatorsOf } from "../ir/dominators.ts";
import { redirected, removePredecessor } from "../ir/edges.ts";
import type { IrFunction } from "../ir/function.ts";
import { findLoops, type Loop } from "../ir/loops.ts";
import { settle } from "../ir/settle.ts";
import { type TripCount, tripCount } from "../ir/trip-count.ts";
import type { Value } from "../ir/value.ts";

const MOST_ROUNDS = 16;
/** Values that the rounds may come to. */
const MOST_VALUES = 160;
/**
 * The same of a loop that may end otherwise: most packets leave it long before. A function that is small, together with them, may have
 * {@link MOST_VALUES} of those too.
 */
const MOST_VALUES_WITH_EXITS = 48;
/** A call costs more than the round around it, and its arguments have to be put in place each time. */
const VALUES_OF_CALL = 20;

/**
 * Writes short loops out, round behind round, where their number is known: the counter becomes constants, and what is computed
 * from it is folded into the instructions that use it.
 *
 * Needs: whole IR. Gives: whole IR, fewer loops. Destroys: dominators.
 */
export function unrollLoops(irFunction: IrFunction): void {
  const left = new Set<Block>();
  for (;;) {
    const dominators = dominatorsOf(irFunction);
    // Inner loops first: an outer one may be short enough without them.
    const loop = findLoops(dominators).findLast(({ header }) => !left.has(header));
    if (loop === undefined) return;
    left.add(loop.header);
    const trips = tripCount(loop, dominators, MOST_ROUNDS);
    if (trips !== undefined && isWorthwhile(irFunction, loop, trips)) unroll(irFunction, loop, trips);
  }
}

function isWorthwhile(irFunction: IrFunction, { body }: Loop<Block>, { rounds, test, counted }: TripCount): boolean {
  let size = 0;
  let exits = false;
  for (const block of body) {
    for (const value of block.values) size += sizeOf(value, counted);
    if (block !== test && block.successors.length > 1) size++;
    if (block !== test && block.successors.some((successor) => !body.has(successor))) exits = true;
  }
  if (!exits) return size * rounds <= MOST_VALUES;
  const outside = irFunction.blocks.reduce((sum, block) => sum + (body.has(block) ? 0 : block.values.length), 0);
  return size * rounds <= Math.max(MOST_VALUES_WITH_EXITS, MOST_VALUES - outside);
}

/** How many instructions a value stays when the counter is known. */
function sizeOf(value: Value, counted: ReadonlySet<Value>): number {
  const { operation, operands } = value;
  if (operation.kind.startsWith("call-")) return VALUES_OF_CALL;
  if (counted.has(value)) return 0;
  // An address is a part of the instruction that uses it.
  const isAddress = operation.kind === "binary" && operation.operator === "add" && value.width === 64;
  return isAddress && operands.some((operand) => counted.has(operand.current)) ? 0 : 1;
}

/** What the blocks and values of a loop are in one round. */
interface Round {
  readonly blocks: ReadonlyMap<Block, Block>;
  readonly values: Map<Value, Value>;
}

function unroll(irFunction: IrFunction, loop: Loop<Block>, trips: TripCount): void {
  const { header, body } = loop;
  const order = irFunction.blocks.filter((block) => body.has(block));
  const enter = header.predecessors.filter((block) => !body.has(block));
  const [entry, second] = enter;
  const latch = header.predecessors.find((block) => body.has(block));
  if (entry === undefined || second !== undefined || latch === undefined) return;
  const rounds: Round[] = [];
  for (let round = 0; round <= trips.rounds; round++) {
    const last = rounds.at(-1);
    const blocks = new Map(order.map((block) => [block, irFunction.block(block.name)]));
    const values = new Map<Value, Value>();
    const index = header.predecessors.indexOf(last === undefined ? entry : latch);
    for (const phi of header.phis) {
      const operand = phi.operands[index]?.current ?? phi;
      values.set(phi, last?.values.get(operand) ?? operand);
    }
    copyValues(irFunction, loop, order, { blocks, values });
    rounds.push({ blocks, values });
  }
  for (const [index, round] of rounds.entries()) {
    const next = rounds[index + 1]?.blocks.get(header);
    for (const block of order) copyEdges(block, loop, round, trips, next);
  }
  const first = rounds[0]?.blocks.get(header);
  if (first === undefined || entry.terminator === undefined) return;
  entry.terminator = redirected(entry.terminator, header, first);
  first.predecessors.push(entry);
  removePredecessor(header, entry);
  const outer = valuesUsedBehind(irFunction, body);
  settle(irFunction);
  const changes = new Map<Value, Definitions>();
  for (const [value, block] of outer) {
    const definitions = new Map<Block, Value>();
    for (const { blocks, values } of rounds) {
      const [copyOfBlock, copy] = [blocks.get(block), values.get(value)];
      if (copyOfBlock !== undefined && copy !== undefined) definitions.set(copyOfBlock, copy.current);
    }
    changes.set(value, definitions);
  }
  redefine(irFunction, changes);
  settle(irFunction);
}

/** The values of a loop that are used outside of it, with where they are made. */
function valuesUsedBehind(irFunction: IrFunction, body: ReadonlySet<Block>): ReadonlyMap<Value, Block> {
  const made = new Map<Value, Block>();
  for (const block of body) for (const value of [...block.phis, ...block.values]) made.set(value, block);
  const used = new Map<Value, Block>();
  const use = (value: Value): void => {
    const block = made.get(value.current);
    if (block !== undefined) used.set(value.current, block);
  };
  for (const block of irFunction.blocks) {
    if (body.has(block)) continue;
    for (const value of [...block.phis, ...block.values]) value.operands.forEach(use);
    const { terminator } = block;
    if (terminator?.kind === "branch") [terminator.left, terminator.right].forEach(use);
    else if (terminator?.kind === "return") use(terminator.value);
  }
  return used;
}

/** Lets the copy of a block end as the block does: in its own round, in the next one, or outside. */
function copyEdges(
  block: Block,
  { header, body }: Loop<Block>,
  { blocks, values }: Round,
  trips: TripCount,
  next: Block | undefined,
): void {
  const copy = blocks.get(block);
  const { terminator } = block;
  if (copy === undefined || terminator === undefined) return;
  const copyOf = (value: Value): Value => values.get(value.current) ?? value.current;
  const targetOf = (target: Block): Block => (target === header ? (next ?? header) : (blocks.get(target) ?? target));
  copy.terminator = copyOfEnd(terminator, targetOf, copyOf);
  if (block === trips.test) {
    const target = next === undefined ? trips.outside : trips.inside;
    copy.terminator = { kind: "jump", target: targetOf(target), position: terminator.position };
  }
  for (const target of copy.successors) {
    target.predecessors.push(copy);
    const original = [...block.successors].find((successor) => targetOf(successor) === target);
    const index = original?.predecessors.indexOf(block) ?? -1;
    for (const phi of original?.phis ?? []) {
      const operand = phi.operands[index];
      if (operand === undefined || original === header) continue;
      (body.has(original ?? block) ? copyOf(phi) : phi).operands.push(copyOf(operand));
    }
  }
}

function copyOfEnd(end: Terminator, targetOf: (block: Block) => Block, copyOf: (value: Value) => Value): Terminator {
  switch (end.kind) {
    case "jump":
      return { ...end, target: targetOf(end.target) };
    case "return":
      return { ...end, value: copyOf(end.value) };
    case "branch":
      return {
        ...end,
        left: copyOf(end.left),
        right: copyOf(end.right),
        whenTrue: targetOf(end.whenTrue),
        whenFalse: targetOf(end.whenFalse),
      };
  }
}

function copyValues(
  irFunction: IrFunction,
  { header }: Loop<Block>,
  order: readonly Block[],
  { blocks, values }: Round,
): void {
  const copies: { readonly copy: Value; readonly of: Value }[] = [];
  for (const block of order) {
    const target = blocks.get(block);
    if (target === undefined) continue;
    const copied = (of: Value): Value => {
      const copy = irFunction.value(of.width, of.operation, [], of.position);
      values.set(of, copy);
      return copy;
    };
    // Operands of phis come with the edges.
    if (block !== header) target.phis = block.phis.map(copied);
    target.values = block.values.map((of) => {
      const copy = copied(of);
      copies.push({ copy, of });
      return copy;
    });
  }
  for (const { copy, of } of copies) {
    copy.operands = of.operands.map((operand) => values.get(operand.current) ?? operand.current);
  }
}
