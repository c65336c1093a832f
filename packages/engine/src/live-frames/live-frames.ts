import { statSync } from "node:fs";
import { decode } from "@weir/bytecode/layout";
import {
  ArrayMap,
  attachEntry,
  BpfProgram,
  findInterface,
  HomeNamespace,
  KernelError,
  type LoadedObject,
  loadObject,
  type NetworkInterface,
  RingBuffer,
  realTimeOffset,
  waitForPrograms,
} from "@weir/kernel";
import type { Frame } from "../captures/frame.ts";
import { presentOn } from "../dispatcher/present.ts";
import { EngineError } from "../errors.ts";
import { ifFound } from "../if-found.ts";
import type { Mode } from "../mode.ts";
import { attachProgram } from "../monitor/attach-monitor.ts";
import { needsFrags, usableInterface } from "../monitor/usable-interface.ts";
import { ownProgram } from "../own-program.ts";
import { entryProgram, FRAME_PROGRAM, FrameCounts, FrameHead, frameObject, frameProgram } from "./frame-program.ts";

/** Frames that came in on an interface. */
export interface LiveFrameCounts {
  readonly seen: bigint;
  /** Those of them that were not looked at, since there was no room for them. */
  readonly lost: bigint;
}

/**
 * The frames that come in on an interface, each before the XDP program that is there has it: also those that this one drops. It is looked into,
 * and stays as it is. Where none is, one that passes all frames is attached meanwhile. Closing it takes it off, and so does the end of the process.
 */
export class LiveFrames implements Disposable {
  readonly interface: string;
  /** Whether the program that frames were seen at still is on the interface. */
  readonly #isThere: () => boolean;
  #unread = 0n;
  readonly #ring: RingBuffer;
  readonly #counts: ArrayMap<typeof FrameCounts>;
  readonly #clockOffset = realTimeOffset().offset;
  readonly #attached: DisposableStack;
  readonly #resources: DisposableStack;

  /**
   * @throws {EngineError} `WEIR_INTERFACE_DOWN`, `WEIR_LINK_TYPE`, `WEIR_MODE`; `WEIR_BUSY` where the kernel lets nobody look into the program there
   * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_PERMISSION`; nothing is attached then
   */
  constructor(name: string, mode: Mode) {
    const target = usableInterface(name);
    using stack = new DisposableStack();
    using attached = new DisposableStack();
    const entered = attached.use(programOn(target));
    const spec = entered === undefined ? frameProgram() : entryProgram(target.index, namespaceNumber());
    const object = stack.use(loadObject(frameObject(spec)));
    this.interface = target.name;
    this.#ring = stack.use(RingBuffer.of(object.map("FRAMES")));
    this.#counts = stack.use(ArrayMap.of(object.map("COUNTS"), { value: FrameCounts }));
    if (entered === undefined) {
      const program = ownProgram(object, FRAME_PROGRAM, { frags: needsFrags(target) });
      const attachment = attached.use(attachProgram(program, target, mode, lookedAtAlready));
      this.#isThere = () => attachment.attached;
    } else {
      attached.use(lookInto(entered, object, target));
      // What is called later may be called in another network.
      const home = attached.use(new HomeNamespace());
      const programNow = () => ifFound(() => firstProgramId(findInterface(target.index)));
      this.#isThere = () => home.run(programNow) === firstProgramId(target);
    }
    this.#attached = attached.move();
    this.#resources = stack.move();
  }

  /** Gives the frames that have come in since the last time; each is valid until the next one. @returns how many */
  drain(take: (frame: Frame) => void): number {
    return this.#ring.drain((record) => {
      const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
      const { length, captured, time } = decode(FrameHead, view);
      const bytes = record.subarray(FrameHead.size, FrameHead.size + captured);
      if (captured === 0) this.#unread += 1n;
      else take({ bytes, originalLength: length, time: time + this.#clockOffset });
    });
  }

  get counts(): LiveFrameCounts {
    const { seen, kept } = this.#counts.at(0);
    return { seen, lost: seen - kept + this.#unread };
  }

  /**
   * Takes the programs off; what came in until then can still be drained.
   *
   * @throws {EngineError} `WEIR_BUSY` when somebody has put another program on the interface meanwhile, whose frames were not seen
   */
  stop(): void {
    const isThere = this.#isThere();
    this.#attached.dispose();
    waitForPrograms();
    if (isThere) return;
    throw new EngineError(
      "WEIR_BUSY",
      `the XDP program on ${this.interface} was exchanged, or taken off, while its frames were looked at\n  Try again when that has ended.`,
    );
  }

  [Symbol.dispose](): void {
    this.#attached.dispose();
    this.#resources.dispose();
  }
}

/** The program that frames of an interface come to first; undefined where there is none, or only one on the card. */
function programOn(target: NetworkInterface): BpfProgram | undefined {
  const id = firstProgramId(target);
  if (id === undefined) return undefined;
  const present = presentOn(target);
  using dispatcher = present.kind === "dispatcher" ? present : undefined;
  // One that is alone in a dispatcher stands in the place of all of it, whose own entry is never run then.
  const [member, ...others] = dispatcher?.members ?? [];
  return BpfProgram.byId(member !== undefined && others.length === 0 ? member.id : id);
}

function firstProgramId({ xdp }: NetworkInterface): number | undefined {
  return xdp.find(({ mode }) => mode !== "hw")?.programId;
}

const namespaceNumber = (): number => statSync("/proc/thread-self/ns/net").ino;

/** Runs the object's program before another one. */
function lookInto(entered: BpfProgram, object: LoadedObject, { name }: NetworkInterface): Disposable {
  try {
    return attachEntry(ownProgram(object, FRAME_PROGRAM, { enters: entered }), entered);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new EngineError(
      "WEIR_BUSY",
      `the frames of ${name} cannot be looked at: an XDP program is there, "${entered.name}" (id ${entered.id}), and the kernel lets nobody look into it\n` +
        `  ${error.message}\n` +
        "  Try the rules on a capture instead: weir rules try FILE --capture CAPTURE; or have them taken back unless you confirm them: --confirm 60s.",
      { cause: error },
    );
  }
}

function lookedAtAlready({ name }: NetworkInterface, other: string): string {
  return `the frames of ${name} are looked at already: ${other}. It was left as it is.`;
}
