import type { Block } from "../ir/block.ts";
import { BlockSet } from "../ir/block-set.ts";
import type { Dominators } from "../ir/dominators.ts";
import type { Operation } from "../ir/operation.ts";
import { relocationText } from "../ir/operation-key.ts";
import type { Value } from "../ir/value.ts";
import { type MemoryRegion, regionOf } from "./memory-region.ts";

/**
 * So many are known at most, those that were met last: each is a value that is kept for longer, and what finds no register lies on the stack, which has room
 * for 64 of them; so a program that goes round in an array of that many would not compile.
 */
const MOST = 32;

/** Bytes of memory whose contents are at hand as a value. */
interface Known {
  readonly base: Value;
  readonly offset: number;
  readonly bits: number;
  /** Of one of the kernel's types, which says where it is. */
  readonly field: string | undefined;
  readonly region: MemoryRegion;
  readonly value: Value;
}

type Load = Extract<Operation, { kind: "load" }>;

/** A write to memory; a call may write anything. */
type Write = { readonly base: Value; readonly offset: number; readonly bits: number } | "call";

/** Which loads need not be done, because the value was loaded or stored on every way here and has not changed since. */
export class AvailableLoads {
  readonly #dominators: Dominators<Block>;
  readonly #atEnd = new Map<Block, readonly Known[]>();
  readonly #writes = new Map<Block, readonly Value[]>();
  /** The blocks that have been come to on the ways to the block at hand. */
  readonly #seen = new BlockSet();
  #known: Known[] = [];

  constructor(dominators: Dominators<Block>) {
    this.#dominators = dominators;
  }

  /** Starts with what is known at the start of a block; its dominator has been ended. */
  enter(block: Block): void {
    const parent = this.#dominators.parent(block);
    if (parent === undefined || parent === block) {
      this.#known = [];
      return;
    }
    this.#known = [...(this.#atEnd.get(parent) ?? [])];
    if (this.#known.length === 0) return;
    for (const between of this.#between(parent, block)) {
      for (const value of this.#writesIn(between)) this.#forgetWritten(value);
    }
  }

  end(block: Block): void {
    this.#atEnd.set(block, this.#known);
  }

  /** The value that a load gives, if it is at hand; else it is from now on. */
  load(value: Value): Value | undefined {
    const { operation } = value;
    const base = value.operands[0]?.current;
    if (operation.kind !== "load" || operation.volatile || base === undefined) return undefined;
    const loaded = knownBy(value, operation, base);
    const { bits, offset, field } = loaded;
    const known = this.#known.find(
      (one) => one.base === base && one.offset === offset && one.bits === bits && one.field === field,
    );
    if (known !== undefined) return known.value.current;
    this.#note(loaded);
    return undefined;
  }

  /** Takes note of what a value does to memory. */
  pass(value: Value): void {
    this.#forgetWritten(value);
    const { operation } = value;
    const [base, stored] = value.operands.map((operand) => operand.current);
    if (operation.kind !== "store" || base === undefined || stored === undefined) return;
    const { bits, offset } = operation;
    // Narrower stores cut off what a load of the same bits would not give back.
    if (stored.width !== bits) return;
    this.#note({ base, offset, bits, field: undefined, region: regionOf(base), value: stored });
  }

  #note(known: Known): void {
    if (this.#known.length === MOST) this.#known.shift();
    this.#known.push(known);
  }

  #forgetWritten(value: Value): void {
    const write = writeOf(value);
    if (write === "call") this.#known = [];
    else if (write !== undefined) {
      const region = regionOf(write.base);
      this.#known = this.#known.filter((known) => !mayOverlap(known, write, region));
    }
  }

  /** What may write to memory in a block: it is looked for on the ways to each block behind. */
  #writesIn(block: Block): readonly Value[] {
    let writes = this.#writes.get(block);
    if (writes === undefined) {
      writes = block.values.filter((value) => writeOf(value) !== undefined);
      this.#writes.set(block, writes);
    }
    return writes;
  }

  /** The blocks on the ways from `dominator` to `block`, both left out. */
  #between(dominator: Block, block: Block): readonly Block[] {
    this.#seen.clear();
    this.#seen.add(dominator);
    // What is added meanwhile is gone through, too.
    const between = this.#dominators.predecessors(block).filter((each) => this.#seen.add(each));
    for (const at of between) {
      for (const each of this.#dominators.predecessors(at)) if (this.#seen.add(each)) between.push(each);
    }
    return between;
  }
}

/** Whether a value may write to the memory that a load reads. */
export function mayOverwrite(value: Value, load: Value): boolean {
  const { operation } = load;
  const base = load.operands[0]?.current;
  if (operation.kind !== "load" || operation.volatile || base === undefined) return true;
  const write = writeOf(value);
  if (write === undefined || write === "call") return write === "call";
  return mayOverlap(knownBy(load, operation, base), write, regionOf(write.base));
}

function knownBy(value: Value, { bits, offset, relocation }: Load, base: Value): Known {
  return { base, offset, bits, field: relocation && relocationText(relocation), region: regionOf(base), value };
}

function writeOf({ operation, operands }: Value): Write | undefined {
  const base = operands[0]?.current;
  switch (operation.kind) {
    case "call-helper":
    case "call-kernel-function":
    case "call-function":
      return "call";
    case "store":
    case "atomic":
      return base === undefined ? "call" : { base, offset: operation.offset, bits: operation.bits };
    default:
      return undefined;
  }
}

function mayOverlap(known: Known, write: Exclude<Write, "call">, region: MemoryRegion): boolean {
  if (known.base === write.base && known.field === undefined) {
    return known.offset < write.offset + write.bits / 8 && write.offset < known.offset + known.bits / 8;
  }
  // Different slots of the stack are different memory, unless the address is computed.
  if (known.base.operation.kind === "stack" && write.base.operation.kind === "stack") return false;
  return known.region === region || isAnything(known.region) || isAnything(region);
}

function isAnything(region: MemoryRegion): boolean {
  return region === "unknown" || region === "number";
}
