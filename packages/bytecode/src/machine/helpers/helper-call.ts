import type { HelperName } from "../../helpers/number.ts";
import { MachineError } from "../machine-error.ts";
import { MachineMap } from "../maps/machine-map.ts";
import type { Memory } from "../memory.ts";
import type { PacketBuffer } from "../packet-buffer.ts";
import type { Registers } from "../registers.ts";
import type { Run } from "../run.ts";
import type { Surroundings } from "../surroundings.ts";

/** A helper's part: gives r0. */
export type Helper = (call: HelperCall) => bigint;

/** Helpers by name. */
export type Helpers = Partial<Record<HelperName, Helper>>;

/** The functions of the kernel that programs of a machine can call. */
export interface CallTable {
  /** @throws {MachineError} when the machine does not have it */
  helper(number: number): { readonly name: string; readonly call: Helper };
  /** @throws {MachineError} when the machine does not have it */
  kernelFunction(name: string | undefined): { readonly name: string; readonly call: Helper };
  hasKernelFunction(name: string): boolean;
}

/** What a helper sees when a program calls it. */
export class HelperCall {
  readonly name: string;
  readonly run: Run;
  readonly #registers: Registers;

  constructor(name: string, registers: Registers, run: Run) {
    this.name = name;
    this.#registers = registers;
    this.run = run;
  }

  get memory(): Memory {
    return this.run.surroundings.memory;
  }

  get surroundings(): Surroundings {
    return this.run.surroundings;
  }

  /** r1 is the argument 0. */
  argument(index: number): bigint {
    return this.#registers.read(index + 1);
  }

  /** An argument of 32 bits, without a sign. */
  word(index: number): number {
    return Number(BigInt.asUintN(32, this.argument(index)));
  }

  /** An argument of 32 bits, with a sign. */
  integer(index: number): number {
    return Number(BigInt.asIntN(32, this.argument(index)));
  }

  /** The bytes that an argument points to. */
  bytes(index: number, length: number): Uint8Array {
    return this.memory.read(this.argument(index), length);
  }

  /** The map that an argument points to. */
  map(index: number): MachineMap {
    const address = this.argument(index);
    const owner = this.memory.ownerAt(address);
    if (owner instanceof MachineMap) return owner;
    throw new MachineError(`${this.name} is called with 0x${address.toString(16)}, which is not the address of a map`);
  }

  /** The map that an argument points to, which has to be of a type that the helper takes. */
  mapOf<M extends MachineMap>(index: number, type: abstract new (...parameters: never[]) => M): M {
    const map = this.map(index);
    if (map instanceof type) return map;
    throw new MachineError(`${this.name} is called with map "${map.spec.name}", which is of type ${map.spec.type}`);
  }

  /** The packet of the context that the first argument points to. */
  get packet(): PacketBuffer {
    const { context } = this.run;
    if (context === undefined || this.argument(0) !== context.address) {
      throw new MachineError(`${this.name} is called with something else than the context`);
    }
    if (context.packet === undefined) throw new MachineError(`${this.name} is called where there is no packet`);
    return context.packet;
  }
}
