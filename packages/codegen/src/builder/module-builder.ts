import { type CompiledProgram, type CompileOptions, compileProgram } from "../compile.ts";
import { IrFunction } from "../ir/function.ts";
import { callsOneOf, type KernelCallee } from "../ir/kernel-callee.ts";
import { type KernelCall, kernelCalls } from "../ir/kernel-calls.ts";
import { type LockingHelpers, type LockMistake, lockMistakes } from "../ir/locks.ts";
import type { SourcePosition } from "../ir/position.ts";
import { type ReservationMistake, type ReservingCalls, reservationMistakes } from "../ir/reservations.ts";
import { type StaleAddress, staleAddresses } from "../ir/stale-addresses.ts";
import { type WrittenMemory, writesInto } from "../ir/writes.ts";
import { FunctionBuilder } from "./function-builder.ts";

/**
 * The functions of one object file, which call each other by name.
 *
 * @example
 * ```ts
 * const module = new ModuleBuilder();
 * const program = module.function("pass_all", { parameters: 1 });
 * program.return(program.constant(64, 2n));
 * module.build("pass_all").instructions;
 * ```
 */
export class ModuleBuilder {
  readonly #functions = new Map<string, IrFunction>();

  /** A new function with up to five 64-bit parameters; an XDP program has one, the address of its `struct xdp_md`. */
  function(
    name: string,
    { parameters, position }: { readonly parameters: number; readonly position?: SourcePosition | undefined },
  ): FunctionBuilder {
    if (this.#functions.has(name)) throw new Error(`there is a function ${name} already`);
    const made = new IrFunction(name, parameters, position);
    this.#functions.set(name, made);
    return new FunctionBuilder(made);
  }

  /**
   * Where the function `name` uses an address in the packet after one of the calls `moving`, its own or one of a function that it calls, may
   * have moved the packet. Asked when the functions are whole.
   */
  staleAddresses(name: string, moving: ReadonlySet<KernelCallee>): readonly StaleAddress[] {
    const irFunction = this.#functions.get(name);
    if (irFunction === undefined) return [];
    const functions = new Map<string, boolean>();
    return staleAddresses(irFunction, (operation) => {
      if (operation.kind !== "call-function") return callsOneOf(moving, operation);
      const known = functions.get(operation.name);
      const moves = known ?? this.kernelCalls(operation.name).some(({ callee }) => moving.has(callee));
      functions.set(operation.name, moves);
      return moves;
    });
  }

  /** What of the function `name` the verifier would refuse because of reservations. Asked when the function is whole. */
  reservationMistakes(name: string, calls: ReservingCalls): readonly ReservationMistake[] {
    const irFunction = this.#functions.get(name);
    return irFunction === undefined ? [] : reservationMistakes(irFunction, calls);
  }

  /** What of the function `name` the verifier would refuse because of locks. Asked when the function is whole. */
  lockMistakes(name: string, helpers: LockingHelpers): readonly LockMistake[] {
    const irFunction = this.#functions.get(name);
    return irFunction === undefined ? [] : lockMistakes(irFunction, helpers);
  }

  /**
   * Where the function `name` writes to some memory, itself or through others. Asked when the functions are whole.
   *
   * @param writing by what is called of the kernel, which of its arguments it writes to
   */
  writesInto(
    name: string,
    memory: WrittenMemory,
    writing: ReadonlyMap<KernelCallee, readonly number[]>,
  ): readonly SourcePosition[] {
    return writesInto(this.#functions, name, memory, writing);
  }

  /** What the function `name` calls of the kernel, itself or through others. Asked when the functions are whole. */
  kernelCalls(name: string): readonly KernelCall[] {
    return kernelCalls(this.#functions, name);
  }

  /** The code of the function `name` with the functions that it calls behind it. May be called for several programs. */
  build(name: string, options: CompileOptions = {}): CompiledProgram {
    return compileProgram(this.#functions, name, options);
  }
}
