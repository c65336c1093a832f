import type { Block, Branch, Terminator } from "./block.ts";
import { BlockSet } from "./block-set.ts";
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

/** What a value that is redefined has become. */
interface Change {
  readonly variable: Variable;
  readonly definitions: Definitions;
}

/**
 * Gives each use of the values what is defined on the ways to it. Where several definitions meet, a phi. Uses in a block that has
 * a definition of its own stay.
 */
export function redefine(irFunction: IrFunction, changes: ReadonlyMap<Value, Definitions>): void {
  const variables = new Variables(irFunction, "whole");
  const changed = new Map<Value, Change>();
  for (const [value, definitions] of changes) {
    if (value.width === 0) continue;
    const variable = variables.variable(value.width);
    for (const [block, definition] of definitions) variables.write(block, variable, definition);
    changed.set(value, { variable, definitions });
  }
  if (changed.size === 0) return;
  const behind = blocksBehind(changes);
  const finder = new UseFinder(changed);
  // All uses first: what is made for one may name another, as it was before.
  for (const block of irFunction.blocks) if (behind.has(block)) finder.find(block);
  for (const { block, variable, replace } of finder.uses) replace(variables.read(block, variable));
}

/** Finds the uses of values that are redefined. */
class UseFinder {
  readonly uses: Use[] = [];
  readonly #changed: ReadonlyMap<Value, Change>;
  // Most use none of them, and are looked at each time that a way is shortened.
  readonly #isChanged = ({ current }: Value): boolean => this.#changed.has(current);

  constructor(changed: ReadonlyMap<Value, Change>) {
    this.#changed = changed;
  }

  find(block: Block): void {
    for (const phi of block.phis) if (phi.operands.some(this.#isChanged)) this.#ofPhi(phi, block);
    for (const user of block.values) if (user.operands.some(this.#isChanged)) this.#ofValue(user, block);
    const { terminator } = block;
    if (terminator?.kind === "return") this.#ofReturn(terminator, block);
    else if (terminator?.kind === "branch") this.#ofBranch(terminator, block);
  }

  #ofPhi(phi: Value, { predecessors }: Block): void {
    for (const [index, operand] of phi.operands.entries()) {
      const block = predecessors[index];
      if (block === undefined) continue;
      const variable = this.#changed.get(operand.current)?.variable;
      if (variable !== undefined) this.uses.push({ block, variable, replace: (value) => set(phi, index, value) });
    }
  }

  #ofValue(user: Value, block: Block): void {
    for (const [index, operand] of user.operands.entries()) {
      const variable = this.#variableInside(operand, block);
      if (variable !== undefined) this.uses.push({ block, variable, replace: (value) => set(user, index, value) });
    }
  }

  #ofReturn(terminator: Extract<Terminator, { kind: "return" }>, block: Block): void {
    const variable = this.#variableInside(terminator.value, block);
    if (variable === undefined) return;
    const replace = (value: Value): void => {
      block.terminator = { ...terminator, value };
    };
    this.uses.push({ block, variable, replace });
  }

  #ofBranch(terminator: Branch, block: Block): void {
    let current = terminator;
    for (const side of ["left", "right"] as const) {
      const variable = this.#variableInside(terminator[side], block);
      if (variable === undefined) continue;
      const replace = (value: Value): void => {
        current = { ...current, [side]: value };
        block.terminator = current;
      };
      this.uses.push({ block, variable, replace });
    }
  }

  /** The variable that an operand has become, unless a definition in the block itself comes first. */
  #variableInside(operand: Value, block: Block): Variable | undefined {
    const change = this.#changed.get(operand.current);
    return change === undefined || change.definitions.has(block) ? undefined : change.variable;
  }
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
function blocksBehind(changes: ReadonlyMap<Value, Definitions>): BlockSet {
  const behind = new BlockSet();
  const work: Block[] = [];
  for (const [value, definitions] of changes) {
    for (const [block, definition] of definitions) if (definition !== value && behind.add(block)) work.push(block);
  }
  for (let block = work.pop(); block !== undefined; block = work.pop()) {
    for (const successor of block.successors) if (behind.add(successor)) work.push(successor);
  }
  return behind;
}

function set(user: Value, index: number, value: Value): void {
  user.operands = user.operands.with(index, value);
}
