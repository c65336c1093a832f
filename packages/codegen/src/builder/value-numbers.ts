import type { Block } from "../ir/block.ts";
import type { Operation, ValueWidth } from "../ir/operation.ts";
import { operationKey } from "../ir/operation-key.ts";
import type { Value } from "../ir/value.ts";

/** Which pure values a block has at hand: its own and those of the blocks that are its only way in. */
export class ValueNumbers {
  readonly #tables = new Map<Block, Map<string, Value>>();
  readonly #parents = new Map<Block, Block>();

  /** `parent` is the only predecessor of `block`. */
  inherit(block: Block, parent: Block): void {
    this.#parents.set(block, parent);
  }

  find(block: Block, width: ValueWidth, operation: Operation, operands: readonly Value[]): Value | undefined {
    const key = operationKey(width, operation, operands);
    for (let at: Block | undefined = block; at !== undefined; at = this.#parents.get(at)) {
      const known = this.#tables.get(at)?.get(key);
      if (known !== undefined) return known.current;
    }
    return undefined;
  }

  add(block: Block, value: Value): void {
    if (value.width === 0) return;
    let table = this.#tables.get(block);
    if (table === undefined) {
      table = new Map();
      this.#tables.set(block, table);
    }
    table.set(operationKey(value.width, value.operation, value.operands), value);
  }
}
