import type { KernelTypeRelocation } from "@weir/bytecode";
import { OFFSET_MAXIMUM, OFFSET_MINIMUM, splitOffset } from "../fold/address.ts";
import { foldBranch } from "../fold/branch.ts";
import { constantOf } from "../fold/constant.ts";
import { fold } from "../fold/fold.ts";
import { possibleBits, trulyPossibleBits } from "../fold/possible-bits.ts";
import { narrowStored } from "../fold/stored.ts";
import type { ValueMaker } from "../fold/value-maker.ts";
import { Block, type Terminator } from "../ir/block.ts";
import type { Condition } from "../ir/condition.ts";
import type { IrFunction } from "../ir/function.ts";
import type { AtomicOperator, BinaryOperator, Comparison, Operation, ValueWidth, Width } from "../ir/operation.ts";
import type { SourcePosition } from "../ir/position.ts";
import type { Value } from "../ir/value.ts";
import { type Variable, Variables } from "../ir/variables.ts";
import { ValueNumbers } from "./value-numbers.ts";

/** What a load may be besides. */
export interface LoadOptions {
  /** It is done as often as it is said, and gives what nobody foresees. */
  readonly volatile?: boolean;
  /** It is a field of the context that the kernel makes a pointer into the packet of. */
  readonly packet?: boolean;
}

/** The largest variable part of a packet offset that verifiers take (`MAX_PACKET_OFF`). */
const MAXIMAL_OFFSET = 0xffffn;

/**
 * Makes one function, statement by statement. Values are folded and numbered as they are made, so the value that comes
 * back may be a constant, or one that was there before.
 *
 * @example
 * ```ts
 * const builder = new ModuleBuilder().function("drop_small", { parameters: 1 });
 * const length = builder.load(32, builder.parameter(0), 4);
 * builder.return(builder.binary("and", 32, length, builder.constant(32, 1n)));
 * ```
 */
export class FunctionBuilder implements ValueMaker {
  /** Stamped on every value and every end of a block made from now on. */
  position: SourcePosition | undefined;
  readonly #function: IrFunction;
  readonly #variables: Variables;
  readonly #numbers = new ValueNumbers();
  #current: Block;
  #seldom: Block | undefined;

  constructor(irFunction: IrFunction) {
    this.#function = irFunction;
    this.#variables = new Variables(irFunction);
    this.#current = irFunction.entry;
    this.#variables.seal(irFunction.entry);
    this.position = irFunction.position;
  }

  /** Argument `index` (0 to 4) of the function: 64 bits. */
  parameter(index: number): Value {
    const parameter = this.#function.parameters[index];
    if (parameter === undefined) throw new RangeError(`${this.#function.name} has no parameter ${index}`);
    return parameter;
  }

  /** A variable of the source program: {@link write} and {@link read} it in any block. */
  variable(width: ValueWidth): Variable {
    return this.#variables.variable(width);
  }

  /** From here on, along this way, the variable has this value. @throws {TypeError} when their widths differ */
  write(variable: Variable, value: Value): void {
    if (value.width !== variable.width) {
      throw new TypeError(`a ${value.width}-bit value for a ${variable.width}-bit variable`);
    }
    this.#variables.write(this.#current, variable, value.current);
  }

  /** What the variable has here; where ways meet that wrote different values, a phi. */
  read(variable: Variable): Value {
    return this.#variables.read(this.#current, variable);
  }

  /** A new block, not entered yet. `name` is for dumps. */
  block(name?: string): Block {
    return this.#function.block(name);
  }

  /** No jump to the block will be made any more. Seal each block as early as possible: loops after their last jump back. */
  seal(block: Block): void {
    this.#variables.seal(block);
  }

  /** What is made from now on goes to the end of `block`. Enter a block after the first jump to it. */
  enter(block: Block): void {
    const [only, second] = block.predecessors;
    if (only !== undefined && second === undefined && this.#variables.isSealed(block))
      this.#numbers.inherit(block, only);
    this.#current = block;
  }

  /** False after a jump, branch or return, and in a block that nothing has jumped to: what is made there is dropped. */
  get reachable(): boolean {
    return this.#current === this.#function.entry || this.#current.predecessors.length > 0;
  }

  /** A constant; negative ones wrap. */
  constant(width: ValueWidth, value: bigint): Value {
    return this.#function.constant(width, value);
  }

  /** A value that is patched in before load: 64 bits wide when `bits` is 64, else 32. */
  config(name: string, bits: 8 | 16 | 32 | 64): Value {
    return this.#function.config(name, bits);
  }

  /** The address of a map, as helpers take it. */
  mapAddress(map: string): Value {
    return this.#function.mapAddress(map);
  }

  /** The address of the first byte of a map's only value: that is where global variables lie. Linux 5.2. */
  mapValueAddress(map: string): Value {
    return this.#function.mapValueAddress(map);
  }

  /** The address of another function of the module, as helpers take it that call it, now or `later`. Linux 5.13. */
  functionAddress(name: string, { later = false }: { readonly later?: boolean } = {}): Value {
    return this.#function.functionAddress(name, later);
  }

  /** `left operator right`, wrapping; division and remainder are unsigned, by zero they give 0 and `left`; shift amounts are modulo `width`. */
  binary(operator: BinaryOperator, width: ValueWidth, left: Value, right: Value): Value {
    return this.pure(width, { kind: "binary", operator }, [left, right]);
  }

  /** The low `from` bits of a value, zeros above. */
  zeroExtend(value: Value, from: 8 | 16 | 32, to: ValueWidth): Value {
    return this.#resize(this.truncate(value, from), to);
  }

  /** The low `from` bits of a value, copies of the highest of them above. */
  signExtend(value: Value, from: 8 | 16 | 32, to: ValueWidth): Value {
    const operand = this.#resize(value.current, 32);
    if (from === 32 && to === 32) return operand;
    return this.pure(to, { kind: "sign-extend", from }, [operand]);
  }

  /** The low `to` bits of a value, as a 32-bit value with zeros above. */
  truncate(value: Value, to: 8 | 16 | 32): Value {
    const low = this.#resize(value.current, 32);
    if (to === 32) return low;
    return this.binary("and", 32, low, this.constant(32, (1n << BigInt(to)) - 1n));
  }

  /** The low `bits` bits in the other byte order: `ntohs` (16), `ntohl` (32), `ntohll` (64). 64 bits wide when `bits` is 64, else 32. */
  byteSwap(bits: 16 | 32 | 64, value: Value): Value {
    const width = bits === 64 ? 64 : 32;
    return this.pure(width, { kind: "byte-swap", bits }, [this.#resize(value.current, width)]);
  }

  /** `bits` bits at `address + offset`, little-endian: 64 bits wide when `bits` is 64, else 32 with zeros above. */
  load(bits: Width, address: Value, offset: number, options: LoadOptions = {}): Value {
    const { volatile = false, packet = false } = options;
    const at = this.#place(address, offset);
    const operation = { kind: "load", bits, offset: at.offset, volatile, packet, relocation: undefined } as const;
    return this.#append(bits === 64 ? 64 : 32, operation, [at.base]);
  }

  /** As {@link load}, of a field that the loader finds in the running kernel's type; `offset` is where it is in the object's own. */
  loadField(bits: Width, address: Value, offset: number, relocation: KernelTypeRelocation): Value {
    const operation = { kind: "load", bits, offset, volatile: false, packet: false, relocation } as const;
    return this.#append(bits === 64 ? 64 : 32, operation, [this.#resize(address.current, 64)]);
  }

  /** A number that the loader finds out from the running kernel's types; `local` is what it is by the object's own. 64 bits. */
  kernelType(relocation: KernelTypeRelocation, local: number): Value {
    return this.#function.kernelType(relocation, local);
  }

  /** Writes the low `bits` bits of a value to `address + offset`. */
  store(bits: Width, address: Value, offset: number, value: Value): void {
    const at = this.#place(address, offset);
    this.#append(0, { kind: "store", bits, offset: at.offset }, [
      at.base,
      narrowStored(bits, bits === 64 ? this.#resize(value.current, 64) : value),
    ]);
  }

  /** Changes memory at once for all CPUs. All but adding needs Linux 5.12. */
  atomic(operator: "add" | "and" | "or" | "xor", bits: 32 | 64, address: Value, offset: number, value: Value): void {
    this.#atomic(operator, bits, address, offset, [value], false);
  }

  /** As {@link atomic}, and gives the value before, which costs more. Linux 5.12. */
  atomicFetch(
    operator: "add" | "and" | "or" | "xor" | "exchange",
    bits: 32 | 64,
    address: Value,
    offset: number,
    value: Value,
  ): Value {
    return this.#atomic(operator, bits, address, offset, [value], true);
  }

  /** Writes `value` where `expected` is, at once for all CPUs; gives what was there. Linux 5.12. */
  atomicCompareExchange(bits: 32 | 64, address: Value, offset: number, expected: Value, value: Value): Value {
    return this.#atomic("compare-exchange", bits, address, offset, [value, expected], true);
  }

  #atomic(
    operator: AtomicOperator,
    bits: 32 | 64,
    address: Value,
    offset: number,
    operands: readonly Value[],
    fetch: boolean,
  ): Value {
    const at = this.#place(address, offset);
    const resized = operands.map((operand) => this.#resize(operand.current, bits));
    return this.#append(fetch ? bits : 0, { kind: "atomic", operator, bits, offset: at.offset, fetch }, [
      at.base,
      ...resized,
    ]);
  }

  /** The address of new stack memory, not initialised. The 512 bytes of the stack are shared by slots whose lives do not overlap. */
  stackSlot(size: number, alignment: number): Value {
    return this.#function.stackSlot(size, alignment);
  }

  /**
   * The only way to a pointer into the packet: compares `packetData + offset + size` with `packetEnd` and ends the block.
   * The address given may be used in `inside` and what it dominates, up to `size` bytes.
   *
   * Constants are split out of `offset`, so that several accesses share one checked pointer; the rest of it must be known
   * to the verifier to be at most 0xffff: by its type, a mask, or a comparison before.
   */
  packetAccess(packetData: Value, packetEnd: Value, offset: Value, size: number, inside: Block, outside: Block): Value {
    const data = this.#resize(packetData.current, 64);
    const at = splitOffset(this.#withoutWrapping(this.#verifiable(this.#resize(offset.current, 64))), 0);
    // Always 64-bit, never re-associated: the verifier knows a packet pointer by the one addition that made it.
    const pointer = this.binary("add", 64, data, at.base);
    const limit = this.binary("add", 64, pointer, this.constant(64, BigInt(at.offset + size)));
    const address = this.binary("add", 64, pointer, this.constant(64, BigInt(at.offset)));
    const end = this.#resize(packetEnd.current, 64);
    this.#branch({ comparison: "ugt", width: 64, left: limit, right: end, pointers: true }, outside, inside);
    return address;
  }

  /**
   * A pointer to `size` bytes in the packet, a computed `distance` behind one that {@link packetAccess} gave: adding to it makes the verifier
   * forget how far it may be used, so it is compared again.
   */
  packetPart(
    address: Value,
    distance: Value,
    packetEnd: Value,
    offset: number,
    size: number,
    inside: Block,
    outside: Block,
  ): Value {
    const pointer = this.binary("add", 64, address, this.#verifiable(this.#resize(distance.current, 64)));
    const limit = this.binary("add", 64, pointer, this.constant(64, BigInt(offset + size)));
    const end = this.#resize(packetEnd.current, 64);
    this.#branch({ comparison: "ugt", width: 64, left: limit, right: end, pointers: true }, outside, inside);
    return pointer;
  }

  /** Calls kernel helper number `helper` with up to five arguments; 64 bits. */
  callHelper(helper: number, args: readonly Value[]): Value {
    return this.#append(64, { kind: "call-helper", helper }, this.#arguments(args));
  }

  /** Calls one of the kernel's own functions with up to five arguments; 64 bits, of which the result's type may mean fewer. Linux 5.13. */
  callKernelFunction(name: string, args: readonly Value[]): Value {
    return this.#append(64, { kind: "call-kernel-function", name }, this.#arguments(args));
  }

  /** Calls another function of the module with up to five arguments; 64 bits. */
  callFunction(name: string, args: readonly Value[]): Value {
    return this.#append(64, { kind: "call-function", name }, this.#arguments(args));
  }

  /** Ends the block: to `whenTrue` where the comparison holds, else to `whenFalse`. A comparison that folds is a plain jump. */
  branch(
    comparison: Comparison,
    width: ValueWidth,
    left: Value,
    right: Value,
    whenTrue: Block,
    whenFalse: Block,
  ): void {
    if (left.width !== width || right.width !== width) {
      throw new TypeError(`values of ${left.width} and ${right.width} bits are compared as ${width} bits`);
    }
    this.#branch({ comparison, width, left, right }, whenTrue, whenFalse);
  }

  /** The branches that `make` makes go to `block` hardly ever: it is laid out behind, and registers go to the others first. */
  seldom(block: Block, make: () => void): void {
    const around = this.#seldom;
    this.#seldom = block;
    make();
    this.#seldom = around;
  }

  /** Ends the block: to `target`. */
  jump(target: Block): void {
    this.#end({ kind: "jump", target, position: this.position });
  }

  /** Ends the block and the function. */
  return(value: Value): void {
    this.#end({ kind: "return", value: value.current, position: this.position });
  }

  /** A pure value from an operation: folded, or one that is there already, or a new one. */
  pure(width: ValueWidth, operation: Operation, operands: readonly Value[]): Value {
    const current = operands.map((operand) => operand.current);
    const folded = fold(width, operation, current, this);
    if (folded !== undefined) return folded;
    const known = this.#numbers.find(this.#current, width, operation, current);
    if (known !== undefined) return known;
    const value = this.#append(width, operation, current);
    this.#numbers.add(this.#current, value);
    return value;
  }

  /** What an instruction for memory takes; an offset that is too large for it is added before. */
  #place(address: Value, offset: number): { readonly base: Value; readonly offset: number } {
    if (offset >= OFFSET_MINIMUM && offset <= OFFSET_MAXIMUM) return splitOffset(address.current, offset);
    return { base: this.binary("add", 64, address.current, this.constant(64, BigInt(offset))), offset: 0 };
  }

  /** An offset that is small enough, but in a way that verifiers do not see (`ntohs`), gets a mask that they do see. */
  #verifiable(offset: Value): Value {
    const bits = trulyPossibleBits(offset);
    if (bits > MAXIMAL_OFFSET || possibleBits(offset) <= MAXIMAL_OFFSET) return offset;
    return this.binary("and", 64, offset, this.constant(64, bits));
  }

  /** `x + constant` in 32 bits as the same sum in 64 bits, whose constant can be split off, if it cannot wrap. */
  #withoutWrapping(offset: Value): Value {
    const sum = offset.operation.kind === "zero-extend" ? offset.operands[0]?.current : undefined;
    const [left, right] = sum?.operands.map((operand) => operand.current) ?? [];
    if (sum?.operation.kind !== "binary" || sum.operation.operator !== "add" || left === undefined) return offset;
    const constant = constantOf(right);
    if (constant === undefined || possibleBits(left) + constant > 0xffff_ffffn) return offset;
    return this.binary("add", 64, this.#resize(left, 64), this.constant(64, constant));
  }

  #branch(condition: Condition, whenTrue: Block, whenFalse: Block): void {
    const folded = foldBranch(condition, this);
    if (whenTrue === whenFalse || typeof folded === "boolean") {
      this.jump(folded ? whenTrue : whenFalse);
      return;
    }
    const arms = folded.inverted ? { whenTrue: whenFalse, whenFalse: whenTrue } : { whenTrue, whenFalse };
    const seldom =
      this.#seldom === arms.whenTrue ? "whenTrue" : this.#seldom === arms.whenFalse ? "whenFalse" : undefined;
    this.#end({ kind: "branch", ...folded.condition, ...arms, seldom, position: this.position });
  }

  #end(terminator: Terminator): void {
    const block = this.#current;
    if (this.reachable) {
      block.terminator = terminator;
      for (const successor of block.successors) successor.predecessors.push(block);
    }
    // What follows belongs to no block that runs, and must not change the variables of this one.
    this.#current = new Block(-1, "dead");
    this.#variables.seal(this.#current);
  }

  #append(width: ValueWidth | 0, operation: Operation, operands: Value[]): Value {
    const value = this.#function.value(width, operation, operands, this.position);
    if (this.reachable) this.#current.values.push(value);
    return value;
  }

  #arguments(args: readonly Value[]): Value[] {
    if (args.length > 5) throw new RangeError(`a call takes at most 5 arguments, not ${args.length}`);
    return args.map((argument) => this.#resize(argument.current, 64));
  }

  #resize(value: Value, width: ValueWidth): Value {
    if (value.width === width) return value;
    if (value.width === 0) throw new TypeError("a store gives no value");
    return this.pure(width, width === 64 ? { kind: "zero-extend" } : { kind: "truncate" }, [value]);
  }
}
