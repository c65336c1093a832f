import type { KernelTypeRelocation } from "@weir/bytecode";
import { Block } from "./block.ts";
import type { Operation, ValueWidth } from "./operation.ts";
import { relocationText } from "./operation-key.ts";
import type { SourcePosition } from "./position.ts";
import { Value } from "./value.ts";

/** A function in SSA form. `blocks[0]` is the entry, which has no predecessors. */
export class IrFunction {
  readonly name: string;
  readonly position: SourcePosition | undefined;
  readonly parameters: readonly Value[];
  blocks: Block[] = [];
  readonly #leaves = new Map<string, Value>();
  #nextValue = 0;
  #nextBlock = 0;
  #nextSlot = 0;

  constructor(name: string, parameters: number, position: SourcePosition | undefined) {
    this.name = name;
    this.position = position;
    this.parameters = Array.from({ length: parameters }, (_, index) =>
      this.value(64, { kind: "parameter", index }, [], position),
    );
    this.block("entry");
  }

  get entry(): Block {
    const [entry] = this.blocks;
    if (entry === undefined) throw new Error(`${this.name} has no blocks`);
    return entry;
  }

  block(name?: string): Block {
    const id = this.#nextBlock++;
    const block = new Block(id, name ?? `b${id}`);
    this.blocks.push(block);
    return block;
  }

  /** A new value that is in no block yet. */
  value(width: ValueWidth | 0, operation: Operation, operands: Value[], position: SourcePosition | undefined): Value {
    return new Value(this.#nextValue++, width, operation, operands, position);
  }

  /** A constant; 32-bit ones wrap to unsigned 32 bits, 64-bit ones to unsigned 64 bits. */
  constant(width: ValueWidth, value: bigint): Value {
    const wrapped = BigInt.asUintN(width, value);
    return this.#leaf(`${width}:${wrapped}`, width, { kind: "constant", value: wrapped });
  }

  config(config: string, bits: 8 | 16 | 32 | 64): Value {
    return this.#leaf(`config ${config}`, bits === 64 ? 64 : 32, { kind: "config", config, bits });
  }

  mapAddress(map: string): Value {
    return this.#leaf(`map ${map}`, 64, { kind: "map", map, of: "map" });
  }

  mapValueAddress(map: string): Value {
    return this.#leaf(`value of map ${map}`, 64, { kind: "map", map, of: "value" });
  }

  kernelType(relocation: KernelTypeRelocation, local: number): Value {
    return this.#leaf(relocationText(relocation), 64, { kind: "kernel-type", relocation, local });
  }

  functionAddress(name: string, later: boolean): Value {
    return this.#leaf(`function ${name}`, 64, { kind: "function", name, later });
  }

  stackSlot(size: number, alignment: number): Value {
    const id = this.#nextSlot++;
    return this.#leaf(`slot ${id}`, 64, { kind: "stack", slot: { id, size, alignment } });
  }

  #leaf(key: string, width: ValueWidth, operation: Operation): Value {
    const known = this.#leaves.get(key);
    if (known !== undefined) return known;
    const leaf = this.value(width, operation, [], undefined);
    this.#leaves.set(key, leaf);
    return leaf;
  }
}
