import { wideImmediate } from "../disassemble.ts";
import type { Effect, Width } from "../form.ts";
import type { Instruction } from "../instruction.ts";
import { aluOperations, comparisons, swapBytes } from "./arithmetic.ts";
import type { Helper } from "./helper-calls.ts";
import { MachineError } from "./machine-error.ts";
import type { MachineMap } from "./machine-map.ts";
import { Memory } from "./memory.ts";
import { Registers } from "./registers.ts";

/** What an XDP program is run with. */
export interface Input {
  readonly packet?: Uint8Array;
  readonly ingressInterface?: number;
  readonly receiveQueue?: number;
}

interface Frame {
  readonly registers: Registers;
  /** Where the caller goes on. */
  readonly returnSlot: number;
}

const STACK_SIZE = 512;
const MAX_FRAMES = 8;
/** What a program finds in stack memory that it has not written: not 0, so that it shows. */
const STACK_FILL = 0xa5;
const ARGUMENTS: readonly number[] = [1, 2, 3, 4, 5];

/** One run of a program: its registers and its memory. */
export class Run {
  readonly packet: Uint8Array;
  readonly #memory = new Memory();
  readonly #frames: Frame[] = [];
  /** Addresses of stacks, by the number of functions above. */
  readonly #stacks: bigint[] = [];
  readonly #mapsByAddress = new Map<bigint, MachineMap>();
  readonly #mapAddresses = new Map<string, bigint>();
  readonly #mapNames: ReadonlyMap<number, string>;
  readonly #helpers: ReadonlyMap<number, Helper>;
  readonly #context: bigint;
  readonly #packetAddress: bigint;
  #registers = new Registers();

  constructor(
    input: Input,
    maps: ReadonlyMap<string, MachineMap>,
    mapNames: ReadonlyMap<number, string>,
    helpers: ReadonlyMap<number, Helper>,
  ) {
    this.#mapNames = mapNames;
    this.#helpers = helpers;
    this.packet = input.packet?.slice() ?? new Uint8Array();
    this.#packetAddress = this.#memory.add("the packet", this.packet);
    this.#context = this.#memory.add("the context", contextBytes(input), "read-only");
    for (const [name, map] of maps) {
      const address = this.#memory.add(`the inside of map "${name}"`, new Uint8Array());
      this.#mapAddresses.set(name, address);
      this.#mapsByAddress.set(address, map);
      map.enter(this.#memory);
    }
    this.#registers.write(1, this.#context);
    this.#registers.write(10, this.#newStack());
  }

  get result(): bigint {
    return this.#registers.read(0);
  }

  /** Runs one instruction; the slot that follows, or undefined at the end of the program. */
  step(effect: Effect, instruction: Instruction, slot: number, second: Instruction | undefined): number | undefined {
    const registers = this.#registers;
    const { destination, source, offset, immediate } = instruction;
    const next = slot + 1;
    switch (effect.kind) {
      case "alu": {
        const { operation, width } = effect;
        const right = BigInt.asUintN(width, this.#operand(effect.operand, instruction));
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
        const loaded = this.#load(registers.read(source) + BigInt(offset), effect.width);
        registers.write(destination, effect.signed ? BigInt.asIntN(effect.width, loaded) : loaded);
        return next;
      }
      case "store": {
        const address = registers.read(destination) + BigInt(offset);
        this.#memory.store(address, effect.width, this.#operand(effect.operand, instruction));
        return next;
      }
      case "atomic":
        this.#atomic(effect, instruction);
        return next;
      case "jump": {
        const left = BigInt.asUintN(effect.width, registers.read(destination));
        const right = BigInt.asUintN(effect.width, this.#operand(effect.operand, instruction));
        return comparisons[effect.comparison](left, right, effect.width) ? next + offset : next;
      }
      case "goto":
        return next + instruction[effect.distance];
      case "call":
        if (effect.target === "function") return this.#enter(next, next + immediate);
        this.#callHelper(effect.target, immediate);
        return next;
      case "exit":
        return this.#leave();
      case "load64":
        registers.write(destination, this.#wide(effect, instruction, slot, second));
        return next + 1;
    }
  }

  #operand(kind: "register" | "immediate", instruction: Instruction): bigint {
    return kind === "register" ? this.#registers.read(instruction.source) : BigInt(instruction.immediate);
  }

  /** The context's first fields are 32 bits in its declaration, but the kernel makes whole addresses of them. */
  #load(address: bigint, width: Width): bigint {
    if (width === 32 && address === this.#context) return this.#packetAddress;
    if (width === 32 && address === this.#context + 4n) return this.#packetAddress + BigInt(this.packet.length);
    if (width === 32 && address === this.#context + 8n) return this.#packetAddress;
    return this.#memory.load(address, width);
  }

  #atomic({ operation, width }: Effect & { kind: "atomic" }, { destination, source, offset }: Instruction): void {
    const address = this.#registers.read(destination) + BigInt(offset);
    const operand = BigInt.asUintN(width, this.#registers.read(source));
    const old = this.#memory.load(address, width);
    if (operation === "compare-exchange") {
      if (old === BigInt.asUintN(width, this.#registers.read(0))) this.#memory.store(address, width, operand);
      this.#registers.write(0, old);
      return;
    }
    const change = operation === "exchange" ? "mov" : atomicChanges[operation];
    this.#memory.store(address, width, aluOperations[change](old, operand, width));
    if (operation === "exchange" || operation.startsWith("fetch-")) this.#registers.write(source, old);
  }

  #wide(
    { of }: Effect & { kind: "load64" },
    first: Instruction,
    slot: number,
    second: Instruction | undefined,
  ): bigint {
    if (of === "constant") return wideImmediate(first, second);
    const address = this.#mapAddresses.get(this.#mapNames.get(slot) ?? "");
    if (of === "map" && address !== undefined) return address;
    throw new MachineError(`the address of a ${of} is loaded, which the machine was not given`);
  }

  #callHelper(target: "helper" | "kernel-function", number: number): void {
    const helper = target === "helper" ? this.#helpers.get(number) : undefined;
    if (helper === undefined) throw new MachineError(`${target} ${number} is called, which the machine does not have`);
    const registers = this.#registers;
    const result = helper({
      argument: (index) => registers.read(index + 1),
      memory: this.#memory,
      map: (address) => {
        const map = this.#mapsByAddress.get(address);
        if (map === undefined) throw new MachineError(`0x${address.toString(16)} is not the address of a map`);
        return map;
      },
      packet: this.packet,
    });
    registers.clear(ARGUMENTS);
    registers.write(0, result);
  }

  #enter(returnSlot: number, target: number): number {
    if (this.#frames.length + 1 === MAX_FRAMES)
      throw new MachineError(`more than ${MAX_FRAMES} functions are called at once`);
    this.#frames.push({ registers: this.#registers, returnSlot });
    const inner = new Registers();
    this.#registers.copyTo(inner, ARGUMENTS);
    inner.write(10, this.#newStack());
    this.#registers = inner;
    return target;
  }

  #leave(): number | undefined {
    const result = this.#registers.read(0);
    const frame = this.#frames.pop();
    if (frame === undefined) return undefined;
    this.#registers = frame.registers;
    this.#registers.clear(ARGUMENTS);
    this.#registers.write(0, result);
    return frame.returnSlot;
  }

  /** The address of the upper end of the stack for one more function. */
  #newStack(): bigint {
    const depth = this.#frames.length;
    this.#stacks[depth] ??= this.#memory.add("the stack", new Uint8Array(STACK_SIZE));
    const base = this.#stacks[depth];
    this.#memory.write(base, new Uint8Array(STACK_SIZE).fill(STACK_FILL));
    return base + BigInt(STACK_SIZE);
  }
}

const atomicChanges = {
  add: "add",
  or: "or",
  and: "and",
  xor: "xor",
  "fetch-add": "add",
  "fetch-or": "or",
  "fetch-and": "and",
  "fetch-xor": "xor",
} as const;

/** `struct xdp_md`; the addresses in it are given by `Run`. */
function contextBytes({ ingressInterface = 0, receiveQueue = 0 }: Input): Uint8Array {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  view.setUint32(12, ingressInterface, true);
  view.setUint32(16, receiveQueue, true);
  return bytes;
}
