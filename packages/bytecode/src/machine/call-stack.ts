import { MachineError } from "./machine-error.ts";
import type { Memory } from "./memory.ts";
import type { MachineProgram } from "./program.ts";
import { Registers } from "./registers.ts";

/** A function that has begun and not returned. */
export interface Frame {
  readonly program: MachineProgram;
  readonly registers: Registers;
  /** Where the caller goes on; undefined when no instruction has called it, but the kernel. */
  readonly returnSlot: number | undefined;
  /** Where its stack begins. */
  readonly stack: bigint;
}

const STACK_SIZE = 512;
const MOST_FRAMES = 8;
/** What a program finds in stack memory that it has not written: not 0, so that it shows. */
const STACK_FILL = 0xa5;
const FRAME_POINTER = 10;

/** The functions of a run that have begun and not returned. */
export class CallStack {
  readonly #memory: Memory;
  readonly #frames: Frame[] = [];
  /** Stacks of functions that have returned: whoever uses their addresses shall hear of it. */
  readonly #left: bigint[] = [];

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get depth(): number {
    return this.#frames.length;
  }

  get top(): Frame {
    const frame = this.#frames.at(-1);
    if (frame === undefined) throw new MachineError("no function runs");
    return frame;
  }

  /** The registers of the new function have no values but the frame pointer. */
  enter(program: MachineProgram, returnSlot: number | undefined): Frame {
    if (this.#frames.length === MOST_FRAMES)
      throw new MachineError(`more than ${MOST_FRAMES} functions are called at once`);
    const stack = this.#memory.add("the stack", new Uint8Array(STACK_SIZE).fill(STACK_FILL));
    const registers = new Registers();
    registers.write(FRAME_POINTER, stack + BigInt(STACK_SIZE));
    const frame = { program, registers, returnSlot, stack };
    this.#frames.push(frame);
    return frame;
  }

  leave(): Frame {
    const frame = this.top;
    this.#frames.pop();
    this.#memory.kill(frame.stack, "the function that it belonged to has returned");
    this.#left.push(frame.stack);
    // Few dead ones are enough, and a loop may leave millions.
    const [oldest] = this.#left;
    if (oldest !== undefined && this.#left.length > MOST_FRAMES) {
      this.#memory.remove(oldest);
      this.#left.shift();
    }
    return frame;
  }

  /** The run has ended, in whatever way. */
  release(): void {
    for (const { stack } of this.#frames.splice(0)) this.#memory.remove(stack);
    for (const stack of this.#left.splice(0)) this.#memory.remove(stack);
  }
}
