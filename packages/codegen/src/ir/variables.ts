import type { Block } from "./block.ts";
import type { IrFunction } from "./function.ts";
import type { ValueWidth } from "./operation.ts";
import type { Value } from "./value.ts";

/** A variable of the source program, which may be written several times. */
export interface Variable {
  readonly id: number;
  readonly width: ValueWidth;
}

/**
 * Variables to SSA while the code is made (Braun, Buchwald, Hack, Leißa, Mallon, Zwinkau: Simple and Efficient
 * Construction of Static Single Assignment Form, 2013).
 */
export class Variables {
  readonly #function: IrFunction;
  readonly #definitions = new Map<Block, Map<Variable, Value>>();
  /** Phis of blocks whose predecessors are not all known, by variable. */
  readonly #incomplete = new Map<Block, Map<Variable, Value>>();
  readonly #sealed = new Set<Block>();
  /** Which phis use a phi: when one turns out trivial, those may be too. */
  readonly #phiUsers = new Map<Value, Set<Value>>();
  /** All predecessors of all blocks are known. */
  readonly #whole: boolean;
  #nextVariable = 0;

  constructor(irFunction: IrFunction, state: "being made" | "whole" = "being made") {
    this.#function = irFunction;
    this.#whole = state === "whole";
  }

  variable(width: ValueWidth): Variable {
    return { id: this.#nextVariable++, width };
  }

  write(block: Block, variable: Variable, value: Value): void {
    let definitions = this.#definitions.get(block);
    if (definitions === undefined) {
      definitions = new Map();
      this.#definitions.set(block, definitions);
    }
    definitions.set(variable, value);
  }

  read(block: Block, variable: Variable): Value {
    const local = this.#definitions.get(block)?.get(variable);
    if (local !== undefined) return local.current;
    const value = this.#readFromPredecessors(block, variable);
    this.write(block, variable, value);
    return value;
  }

  isSealed(block: Block): boolean {
    return this.#sealed.has(block);
  }

  /** All predecessors of the block are known: its phis can be completed. */
  seal(block: Block): void {
    if (this.#sealed.has(block)) return;
    this.#sealed.add(block);
    for (const [variable, phi] of this.#incomplete.get(block) ?? []) this.#complete(block, variable, phi);
    this.#incomplete.delete(block);
  }

  #readFromPredecessors(block: Block, variable: Variable): Value {
    if (!this.#whole && !this.#sealed.has(block)) {
      const phi = this.#phi(block, variable);
      let incomplete = this.#incomplete.get(block);
      if (incomplete === undefined) {
        incomplete = new Map();
        this.#incomplete.set(block, incomplete);
      }
      incomplete.set(variable, phi);
      return phi;
    }
    const [first, ...others] = block.predecessors;
    // Nothing was written on any way here: code that cannot run, or a front end that checks this itself.
    if (first === undefined) return this.#function.constant(variable.width, 0n);
    if (others.length === 0) return this.#whole ? this.#readBehind(block, variable) : this.read(first, variable);
    const phi = this.#phi(block, variable);
    // Written before its operands are read: a loop ends here.
    this.write(block, variable, phi);
    return this.#complete(block, variable, phi);
  }

  /** Along the only way to the block. One that comes round is a loop that nothing leads into: code that cannot run. */
  #readBehind(block: Block, variable: Variable): Value {
    const passed = new Set<Block>();
    let at = block;
    for (
      let [only, other] = at.predecessors;
      only !== undefined && other === undefined;
      [only, other] = at.predecessors
    ) {
      passed.add(at);
      if (passed.has(only)) return this.#function.constant(variable.width, 0n);
      at = only;
      if (this.#definitions.get(at)?.has(variable) === true) break;
    }
    const value = this.read(at, variable);
    for (const each of passed) this.write(each, variable, value);
    return value;
  }

  #phi(block: Block, variable: Variable): Value {
    const phi = this.#function.value(variable.width, { kind: "phi" }, [], undefined);
    block.phis.push(phi);
    return phi;
  }

  #complete(block: Block, variable: Variable, phi: Value): Value {
    const operands = block.predecessors.map((predecessor) => this.read(predecessor, variable));
    phi.operands = operands;
    for (const operand of operands) {
      if (operand.operation.kind !== "phi") continue;
      const users = this.#phiUsers.get(operand) ?? new Set();
      users.add(phi);
      this.#phiUsers.set(operand, users);
    }
    this.#removeIfTrivial(phi);
    return phi.current;
  }

  /** A phi of itself and one other value is that value. */
  #removeIfTrivial(phi: Value): void {
    if (phi.replaced || phi.operands.length === 0) return;
    let same: Value | undefined;
    for (const operand of phi.operands) {
      const value = operand.current;
      if (value === phi || value === same) continue;
      if (same !== undefined) return;
      same = value;
    }
    phi.replaceWith(same ?? this.#function.constant(phi.width === 64 ? 64 : 32, 0n));
    const users = this.#phiUsers.get(phi);
    if (users === undefined) return;
    this.#phiUsers.delete(phi);
    const target = phi.current;
    if (target.operation.kind === "phi") {
      const targetUsers = this.#phiUsers.get(target) ?? new Set();
      for (const user of users) targetUsers.add(user);
      this.#phiUsers.set(target, targetUsers);
    }
    for (const user of users) if (user !== phi) this.#removeIfTrivial(user);
  }
}
