import type { Block } from "./block.ts";
import type { IrFunction } from "./function.ts";
import type { Value } from "./value.ts";
import { Variables } from "./variables.ts";

/**
 * Besides `value` in `block`, the new block `way` gives `other` for the same thing: each use of `value` outside of
 * `block` gets the one or the other, or a new phi of both.
 */
export function addDefinition(irFunction: IrFunction, value: Value, block: Block, other: Value, way: Block): void {
  if (value.width === 0) return;
  const variables = new Variables(irFunction);
  for (const each of irFunction.blocks) variables.seal(each);
  const variable = variables.variable(value.width);
  variables.write(block, variable, value);
  variables.write(way, variable, other);
  for (const user of irFunction.blocks) {
    for (const phi of [...user.phis]) {
      for (const [index, operand] of phi.operands.entries()) {
        const from = user.predecessors[index];
        if (operand.current === value && from !== undefined) phi.operands[index] = variables.read(from, variable);
      }
    }
    if (user === block) continue;
    const replaced = (operand: Value): Value => (operand.current === value ? variables.read(user, variable) : operand);
    for (const each of user.values) each.operands = each.operands.map(replaced);
    const { terminator } = user;
    if (terminator?.kind === "return") user.terminator = { ...terminator, value: replaced(terminator.value) };
    else if (terminator?.kind === "branch") {
      user.terminator = { ...terminator, left: replaced(terminator.left), right: replaced(terminator.right) };
    }
  }
}
