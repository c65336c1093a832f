import type { Block } from "./block.ts";
import { type Dominators, dominatorsOf } from "./dominators.ts";
import type { IrFunction } from "./function.ts";
import { isBefore, type Place } from "./place.ts";
import type { Value } from "./value.ts";

/** Throws when the IR is not well formed: a mistake in a pass or a front end, never in the program compiled. */
export function verifyFunction(irFunction: IrFunction): void {
  new Verifier(irFunction).verify();
}

class Verifier {
  readonly #function: IrFunction;
  readonly #dominators: Dominators<Block>;
  readonly #places = new Map<Value, Place>();

  constructor(irFunction: IrFunction) {
    this.#function = irFunction;
    this.#dominators = dominatorsOf(irFunction);
  }

  verify(): void {
    const { entry, blocks } = this.#function;
    if (entry.predecessors.length > 0) throw this.#error(entry, "the entry has predecessors");
    for (const block of blocks) {
      for (const phi of block.phis) this.#place(phi, block, -1);
      for (const [index, value] of block.values.entries()) this.#place(value, block, index);
    }
    for (const block of blocks) {
      this.#verifyEdges(block);
      for (const phi of block.phis) this.#verifyPhi(phi, block);
      for (const [index, value] of block.values.entries()) this.#verifyValue(value, block, index);
      this.#verifyEnd(block);
    }
  }

  #place(value: Value, block: Block, index: number): void {
    if (this.#places.has(value)) throw this.#error(block, `value ${value.id} stands twice`);
    if (value.replaced) throw this.#error(block, `value ${value.id} has been replaced`);
    this.#places.set(value, { block, index });
  }

  #verifyEdges(block: Block): void {
    for (const successor of block.successors) {
      const count = successor.predecessors.filter((predecessor) => predecessor === block).length;
      if (count !== 1) throw this.#error(block, `${successor.name} has it ${count} times as a predecessor`);
    }
    for (const predecessor of block.predecessors) {
      if (!predecessor.successors.includes(block)) throw this.#error(block, `${predecessor.name} does not jump here`);
    }
  }

  #verifyPhi(phi: Value, block: Block): void {
    if (phi.operands.length !== block.predecessors.length) {
      throw this.#error(
        block,
        `phi ${phi.id} has ${phi.operands.length} operands for ${block.predecessors.length} ways in`,
      );
    }
    for (const [index, operand] of phi.operands.entries()) {
      if (operand.width !== phi.width) throw this.#error(block, `phi ${phi.id} and operand ${index} differ in width`);
      const predecessor = block.predecessors[index];
      if (predecessor !== undefined) this.#verifyUse(operand, predecessor, Number.POSITIVE_INFINITY);
    }
  }

  #verifyValue(value: Value, block: Block, index: number): void {
    for (const operand of value.operands) this.#verifyUse(operand, block, index);
    const widths = value.operands.map((operand) => operand.width);
    const expected = operandWidths(value);
    if (expected !== undefined && expected.join() !== widths.join()) {
      throw this.#error(block, `${value.operation.kind} ${value.id} has operands of ${widths} bits, not ${expected}`);
    }
  }

  #verifyEnd(block: Block): void {
    const { terminator } = block;
    if (terminator === undefined) throw this.#error(block, "it has no end");
    const end = Number.POSITIVE_INFINITY;
    if (terminator.kind === "return") this.#verifyUse(terminator.value, block, end);
    if (terminator.kind !== "branch") return;
    for (const operand of [terminator.left, terminator.right]) {
      this.#verifyUse(operand, block, end);
      if (operand.width !== terminator.width)
        throw this.#error(block, `it compares ${operand.width} bits as ${terminator.width}`);
    }
  }

  #verifyUse(operand: Value, block: Block, index: number): void {
    switch (operand.operation.kind) {
      case "constant":
      case "config":
      case "map":
      case "kernel-type":
      case "stack":
      case "function":
      case "parameter":
        return;
    }
    const place = this.#places.get(operand);
    if (place === undefined) throw this.#error(block, `value ${operand.id} is used and stands nowhere`);
    if (!isBefore(place, { block, index }, this.#dominators))
      throw this.#error(block, `value ${operand.id} is used before it is there`);
  }

  #error(block: Block, what: string): Error {
    return new Error(`IR of ${this.#function.name}, block ${block.name}: ${what}`);
  }
}

/** What an operation wants of its operands; undefined where any width will do. */
function operandWidths(value: Value): readonly number[] | undefined {
  const { operation } = value;
  switch (operation.kind) {
    case "binary":
      return [value.width, value.width];
    case "zero-extend":
    case "sign-extend":
      return [32];
    case "truncate":
      return [64];
    case "byte-swap":
      return [operation.bits === 64 ? 64 : 32];
    case "atomic":
      return [64, operation.bits, ...(operation.operator === "compare-exchange" ? [operation.bits] : [])];
    case "load":
      return [64];
    default:
      return undefined;
  }
}
