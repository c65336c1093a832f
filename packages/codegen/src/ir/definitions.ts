import type { Block } from "./block.ts";
import type { IrFunction } from "./function.ts";
import type { Value } from "./value.ts";
import { Variables } from "./variables.ts";

/**
 * Gives each use of `value` what is defined on the ways to it: `definitions` says what each block leaves behind. Where several
 * meet, a phi. Uses in a block that has a definition of its own stay.
 */
export function redefine(irFunction: IrFunction, value: Value, definitions: ReadonlyMap<Block, Value>): void {
  if (value.width === 0) return;
  const variables = new Variables(irFunction);
  for (const each of irFunction.blocks) variables.seal(each);
  const variable = variables.variable(value.width);
  for (const [block, definition] of definitions) variables.write(block, variable, definition);
  for (const user of irFunction.blocks) {
    for (const phi of [...user.phis]) {
      for (const [index, operand] of phi.operands.entries()) {
        const from = user.predecessors[index];
        if (operand.current === value && from !== undefined) phi.operands[index] = variables.read(from, variable);
      }
    }
    if (definitions.has(user)) continue;
    const replaced = (operand: Value): Value => (operand.current === value ? variables.read(user, variable) : operand);
    for (const each of user.values) {
      if (each.operands.some((operand) => operand.current === value)) each.operands = each.operands.map(replaced);
    }
    const { terminator } = user;
    if (terminator?.kind === "return") user.terminator = { ...terminator, value: replaced(terminator.value) };
    else if (terminator?.kind === "branch") {
      user.terminator = { ...terminator, left: replaced(terminator.left), right: replaced(terminator.right) };
    }
  }
}
