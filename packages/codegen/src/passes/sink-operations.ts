import { constantOf } from "../fold/constant.ts";
import { possibleBits } from "../fold/possible-bits.ts";
import type { Block } from "../ir/block.ts";
import type { IrFunction } from "../ir/function.ts";
import { type BinaryOperator, COMMUTATIVE } from "../ir/operation.ts";
import { settle } from "../ir/settle.ts";
import { countUses } from "../ir/use-counts.ts";
import type { Value } from "../ir/value.ts";

/** The same operation on each way to a block: of `common`, and of something else on each. */
interface Same {
  readonly operator: BinaryOperator;
  readonly common: Value;
  readonly others: readonly Value[];
}

/**
 * Does once, behind where ways meet, what each of them does to the same number: `offset + 1` on one way and `offset + length` on another
 * are `offset + (1 or length)`, if the first one has a 1 already: after `kind === 1` that is `kind`. There is nothing left to do on that
 * way, and the other one falls through.
 *
 * Needs: whole IR. Gives: whole IR, fewer values. Destroys: nothing.
 */
export function sinkOperations(irFunction: IrFunction): void {
  const uses = countUses(irFunction);
  for (const block of irFunction.blocks) {
    const sunk: Value[] = [];
    for (const phi of [...block.phis]) {
      const same = sameOnAllWays(block, phi, uses);
      if (same === undefined) continue;
      const { operator, common, others } = same;
      const other = irFunction.value(32, { kind: "phi" }, [...others], phi.position);
      block.phis.push(other);
      const value = irFunction.value(32, { kind: "binary", operator }, [common, other], phi.operands[0]?.position);
      sunk.push(value);
      phi.replaceWith(value);
    }
    block.values.unshift(...sunk);
  }
  settle(irFunction);
}

/** Numbers of 32 bits alone: an address that is one of two has no distance that a verifier knows. */
function sameOnAllWays(block: Block, phi: Value, uses: ReadonlyMap<Value, number>): Same | undefined {
  const [first] = phi.operands;
  if (phi.width !== 32 || block.predecessors.length < 2 || first?.operation.kind !== "binary") return undefined;
  const { operator } = first.operation;
  const isAlike = ({ operation }: Value): boolean => operation.kind === "binary" && operation.operator === operator;
  if (!phi.operands.every((operand) => isAlike(operand) && uses.get(operand) === 1)) return undefined;
  for (const common of COMMUTATIVE.has(operator) ? first.operands : first.operands.slice(0, 1)) {
    const others = phi.operands.map((operand) => otherSide(operand, common, operator));
    const known = others.map((other, index) => other && inRegister(other, block.predecessors[index], block));
    const found = known.filter((other) => other !== undefined);
    if (found.length === others.length && helps(others, found)) return { operator, common, others: found };
  }
  return undefined;
}

/**
 * Whether a way has less to do: one with a constant. A verifier may have forgotten what that was compared with (a copy on the stack
 * learns nothing): it must not take it for more than what comes along another way.
 */
function helps(others: readonly (Value | undefined)[], found: readonly Value[]): boolean {
  const variables = found.filter((value) => others.includes(value));
  return (
    variables.length < found.length &&
    found.every((value) => variables.some((other) => possibleBits(value) <= possibleBits(other)))
  );
}

/** What is computed with `common`. */
function otherSide({ operands: [left, right] }: Value, common: Value, operator: BinaryOperator): Value | undefined {
  if (left === common) return right;
  return right === common && COMMUTATIVE.has(operator) ? left : undefined;
}

/** What the way to `to` has the value in; of a constant what it has been compared with. */
function inRegister(value: Value, from: Block | undefined, to: Block): Value | undefined {
  const constant = constantOf(value);
  if (constant === undefined) return value;
  const only = from?.terminator?.kind === "jump" && from.predecessors.length === 1 ? from.predecessors[0] : undefined;
  return equalTo(constant, from, to) ?? equalTo(constant, only, from);
}

/** What the branch at the end of a block has found to be the constant, where it goes to `to`. */
function equalTo(constant: bigint, block: Block | undefined, to: Block | undefined): Value | undefined {
  const branch = block?.terminator;
  if (branch?.kind !== "branch" || branch.width !== 32 || constantOf(branch.right) !== constant) return undefined;
  const holds =
    branch.comparison === "eq" ? branch.whenTrue : branch.comparison === "ne" ? branch.whenFalse : undefined;
  return holds === to ? branch.left : undefined;
}
