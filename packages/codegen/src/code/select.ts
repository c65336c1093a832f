import { constantOf, fitsImmediate } from "../fold/constant.ts";
import type { Block, Terminator } from "../ir/block.ts";
import type { IrFunction } from "../ir/function.ts";
import type { BinaryOperator, Operation, StackSlot, ValueWidth, Width } from "../ir/operation.ts";
import { countUses } from "../ir/use-counts.ts";
import type { Value } from "../ir/value.ts";
import type { CallTarget, Code, CodeAction, CodeBlock, CodeEnd, CodeFunction, Right } from "./code.ts";
import { estimateFrequencies, type Frequencies } from "./frequency.ts";
import { inSequence, type Move } from "./parallel-moves.ts";
import { FIRST_VIRTUAL, FRAME, RESULT, type Register } from "./register.ts";
import { freeTruncations } from "./upper-half.ts";

/** Where stack slots are, from r10, and how many bytes they take together. */
export interface StackLayout {
  readonly offsets: ReadonlyMap<StackSlot, number>;
  readonly size: number;
}

type Stack = "own" | "caller's";

/**
 * Chooses machine instructions. Each value gets a virtual register; phis become moves on the edges that lead to them.
 *
 * Needs: whole IR. Gives: code with virtual registers. Destroys: SSA form.
 *
 * @param isCalled whether it is another function of the program that gives the parameters
 */
export function selectInstructions(irFunction: IrFunction, stack: StackLayout, isCalled: boolean): CodeFunction {
  return new Selector(irFunction, stack, isCalled).select();
}

class Selector {
  readonly #function: IrFunction;
  readonly #stack: StackLayout;
  readonly #isCalled: boolean;
  readonly #code: CodeFunction;
  readonly #registers = new Map<Value, Register>();
  readonly #blocks = new Map<Block, CodeBlock>();
  readonly #free: ReadonlySet<Value>;
  readonly #uses: ReadonlyMap<Value, number>;
  readonly #stacks = new Map<Value, Stack | undefined>();
  /** Constants and addresses made already in the block at hand. */
  #leaves = new Map<Value, Register>();
  #out: Code[] = [];
  #position: Code["position"];

  constructor(irFunction: IrFunction, stack: StackLayout, isCalled: boolean) {
    this.#function = irFunction;
    this.#stack = stack;
    this.#isCalled = isCalled;
    const { name, position } = irFunction;
    this.#code = { name, position, blocks: [], frame: stack.size, nextRegister: FIRST_VIRTUAL };
    this.#free = freeTruncations(irFunction);
    this.#uses = countUses(irFunction);
  }

  select(): CodeFunction {
    const frequencies = estimateFrequencies(this.#function);
    for (const block of this.#function.blocks) {
      const frequency = frequencies.ofBlocks.get(block) ?? 1;
      this.#blocks.set(block, this.#block(block.name, frequency, { kind: "exit", position: undefined }));
    }
    for (const block of this.#function.blocks) {
      const code = this.#codeOf(block);
      this.#out = [];
      this.#leaves = new Map();
      if (block === this.#function.entry) this.#parameters();
      for (const value of block.values) this.#value(value);
      if (block.terminator !== undefined) code.end = this.#end(block, block.terminator, frequencies);
      code.code = this.#out;
    }
    return this.#code;
  }

  #block(name: string, frequency: number, end: CodeEnd): CodeBlock {
    const block: CodeBlock = { id: this.#code.blocks.length, name, frequency, code: [], end };
    this.#code.blocks.push(block);
    return block;
  }

  #parameters(): void {
    for (const [index, parameter] of this.#function.parameters.entries()) {
      this.#position = parameter.position;
      if ((this.#uses.get(parameter) ?? 0) > 0) {
        this.#emit({ kind: "move", to: this.#registerOf(parameter), from: index + 1 });
      }
    }
  }

  #value(value: Value): void {
    this.#position = value.position;
    const { operation } = value;
    const [first, second] = value.operands;
    if (operation.kind === "call-helper") this.#call(value, { helper: operation.helper });
    else if (operation.kind === "call-kernel-function") this.#call(value, { kernelFunction: operation.name });
    else if (operation.kind === "call-function") this.#call(value, { name: operation.name });
    if (first === undefined) return;
    switch (operation.kind) {
      case "binary":
        if (second !== undefined) this.#binary(value, operation.operator, first, second);
        break;
      case "zero-extend":
        // The same register: a 32-bit value has zeros above.
        this.#registers.set(value, this.#use(first));
        break;
      case "truncate":
        if (this.#free.has(value)) this.#registers.set(value, this.#use(first));
        else this.#emit({ kind: "truncate", to: this.#registerOf(value), from: this.#use(first) });
        break;
      case "sign-extend":
        this.#signExtend(value, first, operation.from);
        break;
      case "byte-swap":
        this.#copyTo(value, first);
        this.#emit({ kind: "byte-swap", bits: operation.bits, to: this.#registerOf(value) });
        break;
      case "load":
        this.#load(value, operation, first);
        break;
      case "store":
        this.#store(operation, first, second);
        break;
      case "atomic":
        if (second !== undefined) this.#atomic(value, operation, first, second, value.operands[2]);
        break;
    }
  }

  #load(value: Value, { bits, offset, relocation }: Operation & { readonly kind: "load" }, address: Value): void {
    this.#emit({ kind: "load", bits, to: this.#registerOf(value), ...this.#address(address, offset), relocation });
  }

  #store(
    { bits, offset }: { readonly bits: Width; readonly offset: number },
    address: Value,
    stored: Value | undefined,
  ): void {
    const target = this.#address(address, offset);
    this.#emit({ kind: "store", bits, ...target, right: this.#right(stored, bits === 64 ? 64 : 32) });
  }

  #binary(value: Value, operator: BinaryOperator, left: Value, right: Value): void {
    if (value.width === 0) return;
    const width = value.width;
    const further = constantOf(right);
    if (operator === "add" && left.operation.kind === "stack" && further !== undefined && fitsImmediate(64, further)) {
      const offset = this.#slotOffset(left.operation.slot) + Number(BigInt.asIntN(64, further));
      this.#emit({ kind: "frame", to: this.#registerOf(value), offset });
      return;
    }
    const isSum = operator === "add" && width === 64;
    const ordered = isSum && (this.#stackOf(left) !== undefined || this.#stackOf(right) !== undefined);
    const [first, second] = ordered && this.#stackOf(left) === undefined ? [right, left] : [left, right];
    const operand = this.#operand(operator, second, width);
    this.#copyTo(value, first);
    this.#emit({
      kind: "alu",
      operator,
      width,
      to: this.#registerOf(value),
      right: operand,
      ...(ordered && { ordered }),
    });
  }

  /**
   * In whose stack a value may be an address: the function's own, or that of one that has called it, where it is a parameter or a word
   * of 64 bits that a parameter leads to.
   */
  #stackOf(value: Value): Stack | undefined {
    if (this.#stacks.has(value)) return this.#stacks.get(value);
    const found = this.#findStack(value);
    this.#stacks.set(value, found);
    return found;
  }

  #findStack({ operation, operands, width }: Value): Stack | undefined {
    const [first, second] = operands;
    switch (operation.kind) {
      case "stack":
        return "own";
      case "parameter":
        return this.#isCalled ? "caller's" : undefined;
      case "load":
        return operation.bits === 64 && first && this.#stackOf(first.current) === "caller's" ? "caller's" : undefined;
      case "binary": {
        if (operation.operator !== "add" || width !== 64 || first === undefined || second === undefined)
          return undefined;
        const [one, other] = [this.#stackOf(first.current), this.#stackOf(second.current)];
        return one === "caller's" ? one : (other ?? one);
      }
      default:
        return undefined;
    }
  }

  #signExtend(value: Value, operand: Value, from: number): void {
    const to = this.#registerOf(value);
    const width = value.width === 64 ? 64 : 32;
    const right = { immediate: width - from };
    this.#copyTo(value, operand);
    this.#emit({ kind: "alu", operator: "shl", width, to, right });
    this.#emit({ kind: "alu", operator: "sar", width, to, right });
  }

  #atomic(
    value: Value,
    { operator, bits, offset, fetch }: Operation & { readonly kind: "atomic" },
    address: Value,
    operand: Value,
    expected: Value | undefined,
  ): void {
    const target = this.#address(address, offset);
    if (expected !== undefined) {
      const register = this.#use(operand);
      this.#moveInto(RESULT, expected);
      this.#emit({ kind: "atomic", operator, bits, ...target, value: register, fetch });
      this.#emit({ kind: "move", to: this.#registerOf(value), from: RESULT });
      return;
    }
    if (fetch) this.#copyTo(value, operand);
    const register = fetch ? this.#registerOf(value) : this.#use(operand);
    this.#emit({ kind: "atomic", operator, bits, ...target, value: register, fetch });
  }

  #call(value: Value, target: CallTarget): void {
    for (const [index, argument] of value.operands.entries()) this.#moveInto(index + 1, argument);
    this.#emit({ kind: "call", target, arguments: value.operands.length });
    if ((this.#uses.get(value) ?? 0) > 0) this.#emit({ kind: "move", to: this.#registerOf(value), from: 0 });
  }

  #end(block: Block, terminator: Terminator, frequencies: Frequencies): CodeEnd {
    const { position } = terminator;
    this.#position = position;
    switch (terminator.kind) {
      case "jump":
        this.#phiMoves(block, terminator.target);
        return { kind: "jump", target: this.#codeOf(terminator.target), position };
      case "return":
        this.#moveInto(0, terminator.value);
        return { kind: "exit", position };
      case "branch": {
        const left = this.#use(terminator.left);
        const right = this.#right(terminator.right, terminator.width);
        const { comparison, width } = terminator;
        const [whenTrue, whenFalse] = [terminator.whenTrue, terminator.whenFalse].map((successor) =>
          this.#edge(block, successor, frequencies, position),
        );
        if (whenTrue === undefined || whenFalse === undefined) throw new Error("a branch has two arms");
        const likelihood = frequencies.likelihood(block, terminator.whenTrue);
        return { kind: "branch", comparison, width, left, right, likelihood, whenTrue, whenFalse, position };
      }
    }
  }

  /** The code to go to for `to`: a block of its own with the moves for the phis, where those belong to this edge alone. */
  #edge(from: Block, to: Block, frequencies: Frequencies, position: Code["position"]): CodeBlock {
    const target = this.#codeOf(to);
    if (to.phis.length === 0) return target;
    const frequency = (frequencies.ofBlocks.get(from) ?? 1) * frequencies.likelihood(from, to);
    const [out, leaves] = [this.#out, this.#leaves];
    const between = this.#block(`${from.name}-${to.name}`, frequency, { kind: "jump", target, position });
    this.#out = [];
    this.#leaves = new Map();
    this.#phiMoves(from, to);
    between.code = this.#out;
    [this.#out, this.#leaves] = [out, leaves];
    return between;
  }

  #phiMoves(from: Block, to: Block): void {
    const index = to.predecessors.indexOf(from);
    const moves: Move[] = [];
    const leaves: { to: Register; leaf: Value }[] = [];
    for (const phi of to.phis) {
      const operand = phi.operands[index];
      if (operand === undefined) continue;
      const target = this.#registerOf(phi);
      if (isLeaf(operand)) leaves.push({ to: target, leaf: operand });
      else moves.push({ to: target, from: this.#registerOf(operand) });
    }
    for (const move of inSequence(moves, () => this.#newRegister())) this.#emit(move);
    // Constants last: until then their registers may be read.
    for (const { to: target, leaf } of leaves) this.#emit(this.#leafInto(target, leaf));
  }

  #address(address: Value, offset: number): { base: Register; offset: number } {
    const { operation } = address;
    if (operation.kind !== "stack") return { base: this.#use(address), offset };
    return { base: FRAME, offset: this.#slotOffset(operation.slot) + offset };
  }

  /** A value as the right side of an instruction: a constant as an immediate if it fits. */
  #right(value: Value | undefined, width: number): Right {
    if (value === undefined) throw new Error("an instruction lacks an operand");
    const constant = constantOf(value);
    if (constant === undefined || !fitsImmediate(width, constant)) return { register: this.#use(value) };
    return { immediate: Number(BigInt.asIntN(32, constant)) };
  }

  /** The right side of `operator`, without the immediates that verifiers refuse. */
  #operand(operator: BinaryOperator, value: Value, width: ValueWidth): Right {
    const constant = constantOf(value);
    if (constant !== undefined && isShift(operator)) return { immediate: Number(constant % BigInt(width)) };
    const byZero = constant === 0n && (operator === "div" || operator === "mod");
    return byZero ? { register: this.#use(value) } : this.#right(value, width);
  }

  /** The register that holds the value; constants and addresses are made once per block. */
  #use(value: Value): Register {
    if (!isLeaf(value)) return this.#registerOf(value);
    const made = this.#leaves.get(value);
    if (made !== undefined) return made;
    const register = this.#newRegister();
    this.#emit(this.#leafInto(register, value));
    this.#leaves.set(value, register);
    return register;
  }

  #copyTo(value: Value, operand: Value): void {
    this.#moveInto(this.#registerOf(value), operand);
  }

  #moveInto(to: Register, value: Value): void {
    this.#emit(isLeaf(value) ? this.#leafInto(to, value) : { kind: "move", to, from: this.#registerOf(value) });
  }

  #leafInto(to: Register, { operation }: Value): CodeAction {
    switch (operation.kind) {
      case "constant":
        return { kind: "constant", to, value: operation.value };
      case "config":
        return { kind: "config", to, config: operation.config, bits: operation.bits };
      case "map":
        return { kind: "map", to, map: operation.map, of: operation.of };
      case "kernel-type":
        return { kind: "kernel-type", to, relocation: operation.relocation, local: operation.local };
      case "function":
        return { kind: "function", to, name: operation.name, later: operation.later };
      case "stack":
        return { kind: "frame", to, offset: this.#slotOffset(operation.slot) };
      default:
        throw new Error(`${operation.kind} is no leaf`);
    }
  }

  #slotOffset(slot: StackSlot): number {
    const offset = this.#stack.offsets.get(slot);
    if (offset === undefined) throw new Error(`stack slot ${slot.id} has no place`);
    return offset;
  }

  #registerOf(value: Value): Register {
    let register = this.#registers.get(value);
    if (register === undefined) {
      register = this.#newRegister();
      this.#registers.set(value, register);
    }
    return register;
  }

  #newRegister(): Register {
    return this.#code.nextRegister++;
  }

  #codeOf(block: Block): CodeBlock {
    const code = this.#blocks.get(block);
    if (code === undefined) throw new Error(`block ${block.name} has no code`);
    return code;
  }

  #emit(action: CodeAction): void {
    this.#out.push({ ...action, position: this.#position });
  }
}

function isLeaf({ operation }: Value): boolean {
  return (
    operation.kind === "constant" ||
    operation.kind === "config" ||
    operation.kind === "map" ||
    operation.kind === "kernel-type" ||
    operation.kind === "function" ||
    operation.kind === "stack"
  );
}

function isShift(operator: BinaryOperator): boolean {
  return operator === "shl" || operator === "shr" || operator === "sar";
}
