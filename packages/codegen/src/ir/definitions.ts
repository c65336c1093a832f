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
  const behind = blocksBehind(changes);
  // All uses first: what is made for one may name another, as it was before.
  const uses: Use[] = [];
  /** The variable that an operand has become; `inside` a block a definition of its own comes first. */
  const variableOf = (operand: Value, block: Block, inside: boolean): Variable | undefined => {
    const change = changed.get(operand.current);
    return change === undefined || (inside && change.definitions.has(block)) ? undefined : change.variable;
  };
  // Most use none of them, and are looked at each time that a way is shortened.
  const isChanged = ({ current }: Value): boolean => changed.has(current);
  const usesChanged = ({ operands }: Value): boolean => operands.some(isChanged);
  for (const block of irFunction.blocks) {
    if (!behind.has(block)) continue;
    for (const phi of block.phis) {
      if (!usesChanged(phi)) continue;
      for (const [index, operand] of phi.operands.entries()) {
        const from = block.predecessors[index];
        if (from === undefined) continue;
        const variable = variableOf(operand, from, false);
        if (variable !== undefined) uses.push({ block: from, variable, replace: (value) => set(phi, index, value) });
      }
    }
    for (const user of block.values) {
      if (!usesChanged(user)) continue;
      for (const [index, operand] of user.operands.entries()) {
        const variable = variableOf(operand, block, true);
        if (variable !== undefined) uses.push({ block, variable, replace: (value) => set(user, index, value) });
      }
    }
    const { terminator } = block;
    if (terminator?.kind === "return") {
      const variable = variableOf(terminator.value, block, true);
      if (variable === undefined) continue;
      uses.push({
        block,
        variable,
        replace: (value) => {
          block.terminator = { ...terminator, value };
        },
      });
    } else if (terminator?.kind === "branch") {
      let current = terminator;
      for (const side of ["left", "right"] as const) {
        const variable = variableOf(terminator[side], block, true);
        if (variable === undefined) continue;
        uses.push({
          block,
          variable,
          replace: (value) => {
            current = { ...current, [side]: value };
            block.terminator = current;
          },
        });
      }
    }
  }
  for (const { block, variable, replace } of uses) replace(variables.read(block, variable));
}

/**
 * What a block finds of the values that are to be redefined: what it leaves behind of one may be what it has found of another, as where
 * two change places. A phi for each that is asked for, since by its own name a value is what the block leaves.
 */
export function foundBy(irFunction: IrFunction, block: Block, values: ReadonlySet<Value>): (value: Value) => Value {
  const found = new Map<Value, Value>();
  return ({ current: value }) => {
    if (!values.has(value)) return value;
    const known = found.get(value);
    if (known !== undefined) return known;
    const operands = block.predecessors.map(() => value);
    const phi = irFunction.value(value.width, { kind: "phi" }, operands, value.position);
    block.phis.push(phi);
    found.set(value, phi);
    return phi;
  };
}

/** Where something else may be wanted than the values themselves. */
function blocksBehind(changes: ReadonlyMap<Value, Definitions>): ReadonlySet<Block> {
  const behind = new Set<Block>();
  for (const [value, definitions] of changes) {
    for (const [block, definition] of definitions) if (definition !== value) behind.add(block);
  }
  // A set goes on to what is added to it meanwhile.
  for (const block of behind) for (const successor of block.successors) behind.add(successor);
  return behind;
}

function set(user: Value, index: number, value: Value): void {
  user.operands = user.operands.with(index, value);
}
