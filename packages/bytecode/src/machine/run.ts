import { wideImmediate } from "../disassemble.ts";
import type { Effect, Width } from "../form.ts";
import type { Instruction } from "../instruction.ts";
import { aluOperations, checkImmediate, comparisons, swapBytes } from "./arithmetic.ts";
import { changeAtomically, fetches } from "./atomics.ts";
import { CallStack } from "./call-stack.ts";
import type { Context } from "./contexts/context.ts";
import { FunctionPlace } from "./function-place.ts";
import { Held } from "./held.ts";
import { type CallTable, HelperCall } from "./helpers/helper-call.ts";
import { MachineError } from "./machine-error.ts";
import type { Memory } from "./memory.ts";
import type { MachineProgram } from "./program.ts";
import type { Redirect } from "./redirect.ts";
import type { Registers } from "./registers.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a run finds in its machine. */
export interface RunOptions {
  readonly surroundings: Surroundings;
  readonly programs: ReadonlyMap<string, MachineProgram>;
  readonly calls: CallTable;
  readonly stepLimit: number;
}

const ARGUMENTS: readonly number[] = [1, 2, 3, 4, 5];
/** `MAX_TAIL_CALL_CNT`. */
const MOST_TAIL_CALLS = 33;
/** Addresses below, which no kernel structure has. */
const FIRST_PAGE = 4096n;

/** One run of a program, with all that it calls. */
export class Run {
  readonly surroundings: Surroundings;
  /** Undefined for callbacks of timers. */
  readonly context: Context | undefined;
  /** Locks and records that the program must give back. */
  readonly held = new Held();
  /** Where the last call of a redirect helper sends the packet. */
  redirect: Redirect | undefined;
  steps = 0;
  /** What an iterator has written for its reader. */
  readonly output: Uint8Array[] = [];
  readonly #options: RunOptions;
  readonly #memory: Memory;
  readonly #stack: CallStack;
  #registers: Registers;
  #program: MachineProgram;
  #slot = 0;
  #tailCalls = 0;
  #tailCall: MachineProgram | undefined;

  constructor(options: RunOptions, program: MachineProgram, context?: Context) {
    this.#options = options;
    this.surroundings = options.surroundings;
    this.#memory = options.surroundings.memory;
    this.context = context;
    this.#program = program;
    this.#stack = new CallStack(this.#memory);
    this.#registers = this.#stack.enter(program, undefined).registers;
  }

  /** A packet of an XDP program, not of a socket buffer. */
  get isXdp(): boolean {
    return this.#program.spec.type === "xdp";
  }

  /** Runs the program to its end; gives r0. */
  start(): bigint {
    if (this.context !== undefined) this.#registers.write(1, this.context.address);
    return this.#locate(() => {
      const result = this.#execute(0);
      this.held.checkNone();
      return result;
    });
  }

  /** Runs a function of the program to its end, as the kernel does for callbacks; gives r0. */
  startFunction(slot: number, parameters: readonly bigint[]): bigint {
    for (const [index, value] of parameters.entries()) this.#registers.write(index + 1, value);
    return this.#locate(() => {
      const result = this.#execute(slot);
      this.held.checkNone();
      return result;
    });
  }

  /** Calls a function while another runs, as helpers do that take one. */
  callFunction(address: bigint, parameters: readonly bigint[]): bigint {
    const { slot } = this.functionAt(address);
    const resume = this.#slot;
    this.#registers = this.#stack.enter(this.#program, undefined).registers;
    for (const [index, value] of parameters.entries()) this.#registers.write(index + 1, value);
    const result = this.#execute(slot);
    this.#slot = resume;
    return result;
  }

  /** The function that an address stands for. */
  functionAt(address: bigint): FunctionPlace {
    const owner = this.#memory.ownerAt(address);
    if (owner instanceof FunctionPlace) return owner;
    throw new MachineError(`0x${address.toString(16)} is not the address of a function`);
  }

  /** `bpf_tail_call`: the program goes on as another, unless it has done so too often. */
  tailCall(name: string): void {
    const program = this.#options.programs.get(name);
    if (program === undefined || this.#tailCalls >= MOST_TAIL_CALLS) return;
    this.#tailCalls += 1;
    this.#tailCall = program;
  }

  release(): void {
    this.#stack.release();
    this.held.release(this.#memory);
  }

  /** Says of a mistake where it happened. */
  #locate(run: () => bigint): bigint {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof MachineError) || error.place !== undefined) throw error;
      throw new MachineError(error.problem, this.#program.placeOf(this.#slot));
    }
  }

  /** Runs from a slot on until the function that is on top now returns; gives r0. */
  #execute(start: number): bigint {
    this.#slot = start;
    for (;;) {
      const slot = this.#slot;
      const instruction = this.#program.instructions[slot];
      const form = this.#program.forms[slot];
      if (instruction === undefined) throw new MachineError("the program has no such slot");
      if (form === undefined) throw new MachineError(`opcode 0x${instruction.opcode.toString(16)} is no instruction`);
      if (++this.steps > this.#options.stepLimit)
        throw new MachineError(`the program did not end after ${this.#options.stepLimit} steps`);
      const { effect } = form;
      if (effect.kind !== "exit") {
        this.#slot = this.#step(effect, instruction, slot);
        continue;
      }
      const result = this.#registers.read(0);
      const { returnSlot } = this.#stack.leave();
      if (this.#stack.depth > 0) this.#resume();
      if (returnSlot === undefined) return result;
      this.#slot = returnSlot;
      this.#finishCall(result);
    }
  }

  /** Runs one instruction; gives the slot that follows. */
  #step(effect: Exclude<Effect, { kind: "exit" }>, instruction: Instruction, slot: number): number {
    const registers = this.#registers;
    const { destination, source, offset, immediate } = instruction;
    const next = slot + 1;
    switch (effect.kind) {
      case "alu": {
        const { operation, width } = effect;
        const right = BigInt.asUintN(width, this.#operand(effect.operand, instruction));
        if (effect.operand === "immediate") checkImmediate(operation, right, width);
        // A plain assignment does not need the destination to have a value.
        const left = operation === "mov" ? 0n : BigInt.asUintN(width, registers.read(destination));
        registers.write(destination, BigInt.asUintN(width, aluOperations[operation](left, right, width)));
        return next;
      }
      case "negate":
        registers.write(destination, BigInt.asUintN(effect.width, -registers.read(destination)));
        return next;
      case "sign-extend": {
        const extended = BigInt.asIntN(effect.from, registers.read(source));
        registers.write(destination, BigInt.asUintN(effect.width, extended));
        return next;
      }
      case "byte-order": {
        const value = registers.read(destination);
        const { to, width } = effect;
        registers.write(destination, to === "little" ? BigInt.asUintN(width, value) : swapBytes(value, width));
        return next;
      }
      case "load": {
        const loaded = this.load(registers.read(source) + BigInt(offset), effect.width);
        registers.write(destination, effect.signed ? BigInt.asIntN(effect.width, loaded) : loaded);
        return next;
      }
      case "store": {
        const address = registers.read(destination) + BigInt(offset);
        this.store(address, effect.width, this.#operand(effect.operand, instruction));
        return next;
      }
      case "atomic": {
        const address = registers.read(destination) + BigInt(offset);
        const before = changeAtomically(this, address, effect, registers.read(source), () => registers.read(0));
        if (effect.operation === "compare-exchange") registers.write(0, before);
        else if (fetches(effect.operation)) registers.write(source, before);
        return next;
      }
      case "jump": {
        const left = BigInt.asUintN(effect.width, registers.read(destination));
        const right = BigInt.asUintN(effect.width, this.#operand(effect.operand, instruction));
        return comparisons[effect.comparison](left, right, effect.width) ? next + offset : next;
      }
      case "goto":
        return next + instruction[effect.distance];
      case "call":
        if (effect.target === "function") return this.#enter(next, next + immediate);
        return this.#callKernel(effect.target, immediate, slot);
      case "load64":
        registers.write(destination, this.#wide(effect, instruction, slot));
        return next + 1;
    }
  }

  #operand(kind: "register" | "immediate", instruction: Instruction): bigint {
    return kind === "register" ? this.#registers.read(instruction.source) : BigInt(instruction.immediate);
  }

  load(address: bigint, width: Width): bigint {
    const offset = this.#contextOffset(address);
    if (offset !== undefined) {
      const loaded = this.context?.load(offset, width);
      if (loaded !== undefined) return loaded;
    }
    // What a program reads through a null pointer of a kernel structure is 0: the kernel catches the fault.
    const { type } = this.#program.spec;
    if (address < FIRST_PAGE && (type === "typed-tracepoint" || type === "iterator")) return 0n;
    return this.#memory.load(address, width);
  }

  store(address: bigint, width: Width, value: bigint): void {
    const offset = this.#contextOffset(address);
    if (offset !== undefined) this.context?.store(offset, width);
    this.#memory.store(address, width, value);
  }

  #contextOffset(address: bigint): number | undefined {
    const { context } = this;
    if (context === undefined || address < context.address) return undefined;
    const offset = address - context.address;
    return offset < context.size ? Number(offset) : undefined;
  }

  #wide({ of }: Effect & { kind: "load64" }, instruction: Instruction, slot: number): bigint {
    const reference = this.#program.referenceAt(slot);
    if (reference?.kind === "map" || reference?.kind === "map-value") {
      const map = this.surroundings.maps.get(reference.map);
      if (map === undefined) throw new MachineError(`map "${reference.map}" is used, which the object does not have`);
      return reference.kind === "map" ? map.address : map.valueAddress(reference.offset);
    }
    // A program asks so whether the kernel has the function; nobody loads from there.
    if (reference?.kind === "kernel-function") return this.#options.calls.hasKernelFunction(reference.name) ? 1n : 0n;
    if (of === "constant") return wideImmediate(instruction, this.#program.instructions[slot + 1]);
    if (of === "function")
      return this.surroundings.addressOf(this.#program.functionAt(slot + 1 + instruction.immediate));
    throw new MachineError(`the address of a ${of} is loaded, which the machine was not given`);
  }

  #callKernel(target: "helper" | "kernel-function", number: number, slot: number): number {
    const reference = this.#program.referenceAt(slot);
    const function_ = reference?.kind === "kernel-function" ? reference.name : undefined;
    const helper =
      target === "helper" ? this.#options.calls.helper(number) : this.#options.calls.kernelFunction(function_);
    this.held.checkCall(helper.name);
    const result = helper.call(new HelperCall(helper.name, this.#registers, this));
    const program = this.#tailCall;
    if (program !== undefined) return this.#become(program);
    this.#finishCall(result);
    return slot + 1;
  }

  /** The function on top goes on as another program, which gets the context. */
  #become(program: MachineProgram): number {
    this.#tailCall = undefined;
    const { returnSlot } = this.#stack.leave();
    this.#program = program;
    this.#registers = this.#stack.enter(program, returnSlot).registers;
    if (this.context !== undefined) this.#registers.write(1, this.context.address);
    return 0;
  }

  #enter(returnSlot: number, target: number): number {
    const caller = this.#registers;
    this.#registers = this.#stack.enter(this.#program, returnSlot).registers;
    caller.copyTo(this.#registers, ARGUMENTS);
    return target;
  }

  /** The caller is on top again. */
  #resume(): void {
    const { registers, program } = this.#stack.top;
    this.#program = program;
    this.#registers = registers;
  }

  #finishCall(result: bigint): void {
    this.#registers.clear(ARGUMENTS);
    this.#registers.write(0, result);
  }
}
