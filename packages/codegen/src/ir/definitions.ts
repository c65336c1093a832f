import type { Block } from "./block.ts";
import type { IrFunction } from "./function.ts";
import type { Value } from "./value.ts";
import { type Variable, Variables } from "./variables.ts";

/** What each of some blocks leaves behind of a value. */
export type Definitions = ReadonlyMap<Block, Value>;

/** A place that uses a value, to be given another one. */
interface Use {
  /** Where the value is wanted: of a phi's operand, at the end of the block it comes from. */
  readonly block: Block;
  readonly variable: Variable;
  replace(value: Value): void;
}

/**
 * Gives each use of the values what is defined on the ways to it. Where several definitions meet, a phi. Uses in a block that has
 * a definition of its own stay.
 */
export function redefine(irFunction: IrFunction, changes: ReadonlyMap<Value, Definitions>): void {
  const variables = new Variables(irFunction, "whole");
  const changed = new Map<Value, { readonly variable: Variable; readonly definitions: Definitions }>();
  for (const [value, definitions] of changes) {
    if (value.width === 0) continue;
    const variable = variables.variable(value.width);
    for (const [block, definition] of definitions) variables.write(block, variable, definition);
    changed.set(value, { variable, definitions });
  }
  if (changed.size === 0) return;
  // All uses first: what is made for one may name another, as it was before.
  const uses: Use[] = [];
  const use = (operand: Value, block: Block, inside: boolean, replace: Use["replace"]): void => {
    const change = changed.get(operand.current);
    if (change === undefined || (inside && change.definitions.has(block))) return;
    uses.push({ block, variable: change.variable, replace });
  };
  for (const block of irFunction.blocks) {
    for (const phi of block.phis) {
      for (const [index, operand] of phi.operands.entries()) {
        const from = block.predecessors[index];
        if (from !== undefined) use(operand, from, false, (value) => set(phi, index, value));
      }
    }
    for (const user of block.values) {
      for (const [index, operand] of user.operands.entries())
        use(operand, block, true, (value) => set(user, index, value));
    }
    const { terminator } = block;
    if (terminator?.kind === "return") {
      use(terminator.value, block, true, (value) => {
        block.terminator = { ...terminator, value };
      });
    } else if (terminator?.kind === "branch") {
      let current = terminator;
      for (const side of ["left", "right"] as const) {
        use(terminator[side], block, true, (value) => {
          current = { ...current, [side]: value };
          block.terminator = current;
        });
      }
    }
  }
  for (const { block, variable, replace } of uses) replace(variables.read(block, variable));
}

function set(user: Value, index: number, value: Value): void {
  user.operands = user.operands.with(index, value);
}
