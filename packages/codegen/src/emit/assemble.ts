import {
  type AtomicOperation,
  alu,
  atomic,
  byteSwap,
  callFunction,
  callHelper,
  callKernelFunction,
  exit,
  goto,
  type Instruction,
  jump,
  load,
  loadFunctionAddress,
  loadImmediate64,
  loadMapAddress,
  loadMapValueAddress,
  type Reference,
  store,
} from "@weir/bytecode";
import type { Code, CodeBlock, CodeEnd, CodeFunction, Right } from "../code/code.ts";
import { FRAME } from "../code/register.ts";
import { CodegenError } from "../codegen-error.ts";
import type { SourcePosition } from "../ir/position.ts";
import { arms } from "./arms.ts";
import { explicitJumps } from "./explicit-jumps.ts";

/** The instructions of one function; slots count from its first. */
export interface AssembledFunction {
  readonly instructions: Instruction[];
  readonly references: Reference[];
  /** Where another function is called, or its address loaded; the distance is not in there yet. */
  readonly uses: FunctionUse[];
  readonly lines: { readonly slot: number; readonly position: SourcePosition }[];
}

/** Another function, which an instruction reaches by its distance. */
export interface FunctionUse {
  readonly slot: number;
  readonly name: string;
}

/** Makes instructions of the blocks, in their order. */
export function assemble(code: CodeFunction): AssembledFunction {
  return new Assembler(code).assemble();
}

class Assembler {
  readonly #code: CodeFunction;
  readonly #instructions: Instruction[] = [];
  readonly #references: Reference[] = [];
  readonly #uses: FunctionUse[] = [];
  readonly #lines: { slot: number; position: SourcePosition }[] = [];
  readonly #starts = new Map<CodeBlock, number>();
  /** Jumps whose distance is not known yet. */
  readonly #jumps: { slot: number; target: CodeBlock; make: (offset: number) => Instruction }[] = [];

  constructor(code: CodeFunction) {
    this.#code = code;
  }

  assemble(): AssembledFunction {
    const { blocks } = this.#code;
    const jumping = explicitJumps(blocks);
    for (const [index, block] of blocks.entries()) {
      this.#starts.set(block, this.#instructions.length);
      for (const code of block.code) {
        this.#line(code.position);
        this.#instructions.push(...this.#instructionsOf(code));
      }
      this.#line(block.end.position);
      this.#end(block.end, blocks[index + 1], jumping.has(block));
    }
    for (const { slot, target, make } of this.#jumps) {
      const distance = (this.#starts.get(target) ?? 0) - slot - 1;
      if (distance !== (distance << 16) >> 16) {
        const size = this.#instructions.length;
        throw new CodegenError(`${this.#code.name} is too long for its jumps: ${size} instructions`, undefined);
      }
      this.#instructions[slot] = make(distance);
    }
    return {
      instructions: this.#instructions,
      references: this.#references,
      uses: this.#uses,
      lines: this.#lines,
    };
  }

  #line(position: SourcePosition | undefined): void {
    const last = this.#lines.at(-1);
    if (position === undefined || last?.position === position) return;
    const slot = this.#instructions.length;
    // The last one gave no instruction.
    if (last?.slot === slot) this.#lines.pop();
    this.#lines.push({ slot, position });
  }

  #instructionsOf(code: Code): readonly Instruction[] {
    const slot = this.#instructions.length;
    switch (code.kind) {
      case "move":
        return [alu("mov", 64, code.to, { register: code.from })];
      case "truncate":
        return [alu("mov", 32, code.to, { register: code.from })];
      case "constant":
        return loadConstant(code.to, code.value);
      case "config":
        this.#references.push({ kind: "config", slot, config: code.config });
        return code.bits === 64 ? loadImmediate64(code.to, 0n) : [alu("mov", 32, code.to, 0)];
      case "map":
        if (code.of === "value") {
          this.#references.push({ kind: "map-value", slot, map: code.map, offset: 0 });
          return loadMapValueAddress(code.to, 0);
        }
        this.#references.push({ kind: "map", slot, map: code.map });
        return loadMapAddress(code.to);
      case "function":
        this.#uses.push({ slot, name: code.name });
        return loadFunctionAddress(code.to, 0);
      case "frame":
        return [alu("mov", 64, code.to, { register: FRAME }), alu("add", 64, code.to, code.offset)];
      case "alu":
        return [alu(code.operator, code.width, code.to, operandOf(code.right))];
      case "byte-swap":
        return [byteSwap(code.bits, code.to)];
      case "kernel-type":
        this.#references.push({ kind: "kernel-type", slot, ...code.relocation });
        // Enumerators may have 64 bits, or 32 that are no negative number.
        return code.relocation.question === "enumerator-value"
          ? loadImmediate64(code.to, BigInt(code.local))
          : [alu("mov", 64, code.to, code.local)];
      case "load":
        if (code.relocation !== undefined) this.#references.push({ kind: "kernel-type", slot, ...code.relocation });
        return [load(code.bits, code.to, code.base, code.offset)];
      case "store":
        return [store(code.bits, code.base, code.offset, operandOf(code.right))];
      case "atomic":
        return [atomic(atomicOperation(code), code.bits, code.base, code.offset, code.value)];
      case "call":
        if ("helper" in code.target) return [callHelper(code.target.helper)];
        if ("kernelFunction" in code.target) {
          this.#references.push({ kind: "kernel-function", slot, name: code.target.kernelFunction, optional: false });
          return [callKernelFunction(0)];
        }
        this.#uses.push({ slot, name: code.target.name });
        return [callFunction(0)];
    }
  }

  #end(end: CodeEnd, next: CodeBlock | undefined, jumps: boolean): void {
    switch (end.kind) {
      case "exit":
        this.#instructions.push(exit());
        return;
      case "jump":
        if (end.target !== next || jumps) this.#jump(end.target, goto);
        return;
      case "branch": {
        const { comparison, target, other } = arms(end, next);
        this.#jump(target, (offset) => jump(comparison, end.width, end.left, operandOf(end.right), offset));
        if (other !== next) this.#jump(other, goto);
      }
    }
  }

  #jump(target: CodeBlock, make: (offset: number) => Instruction): void {
    this.#jumps.push({ slot: this.#instructions.length, target, make });
    this.#instructions.push(make(0));
  }
}

function atomicOperation({ operator, fetch }: Code & { readonly kind: "atomic" }): AtomicOperation {
  if (operator === "exchange" || operator === "compare-exchange") return operator;
  return fetch ? `fetch-${operator}` : operator;
}

function operandOf(right: Right): number | { readonly register: number } {
  return "register" in right ? { register: right.register } : right.immediate;
}

/** One slot where 32 bits say it all, with sign or without, else two. */
function loadConstant(to: number, value: bigint): readonly Instruction[] {
  if (BigInt.asUintN(64, BigInt.asIntN(32, value)) === value)
    return [alu("mov", 64, to, Number(BigInt.asIntN(32, value)))];
  if (value <= 0xffff_ffffn) return [alu("mov", 32, to, Number(BigInt.asIntN(32, value)))];
  return loadImmediate64(to, value);
}
