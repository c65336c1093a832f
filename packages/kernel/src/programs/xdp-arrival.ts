import { arena } from "../memory/arena.ts";
import type { MemoryBlock } from "../memory/memory-block.ts";

/** How a packet came in, as an XDP program sees it. */
export interface XdpArrivalOptions {
  /** What lies before the packet (`data_meta`): a multiple of 4, at most 216 bytes. */
  readonly metadata?: Uint8Array;
  /** Index of an interface of this network namespace that has receive queues for XDP; the loopback interface unless given. */
  readonly ingressInterface?: number;
  /** One of that interface's receive queues; the first unless given. */
  readonly receiveQueue?: number;
}

/** `struct xdp_md`: words. */
const WORDS = 6;
const WORD = 4;
const DATA = 0;
const DATA_END = 1;
const INGRESS_INTERFACE = 3;
const RECEIVE_QUEUE = 4;

/** The context of a test run, which the kernel reads before it and writes after it. */
export class XdpArrival implements Disposable {
  readonly #input: MemoryBlock;
  readonly #output: MemoryBlock;

  constructor(packetLength: number, { metadata, ingressInterface = 0, receiveQueue = 0 }: XdpArrivalOptions) {
    this.#input = arena().allocate(WORDS * WORD);
    this.#output = arena().allocate(WORDS * WORD);
    const start = metadata?.length ?? 0;
    const set = (word: number, value: number) => this.#input.view.setUint32(word * WORD, value, true);
    // The data that the kernel is given begin with the metadata.
    set(DATA, start);
    set(DATA_END, start + packetLength);
    set(INGRESS_INTERFACE, ingressInterface);
    set(RECEIVE_QUEUE, receiveQueue);
  }

  attributes(): Readonly<Record<"ctx_in" | "ctx_size_in" | "ctx_out" | "ctx_size_out", number>> {
    const size = WORDS * WORD;
    return { ctx_in: this.#input.address, ctx_size_in: size, ctx_out: this.#output.address, ctx_size_out: size };
  }

  /** Bytes of metadata after the run. */
  get metadataLength(): number {
    return this.#output.view.getUint32(DATA * WORD, true);
  }

  [Symbol.dispose](): void {
    this.#input[Symbol.dispose]();
    this.#output[Symbol.dispose]();
  }
}
