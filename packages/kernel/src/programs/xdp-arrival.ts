import { Attributes } from "../bpf/attributes.ts";
import { xdp_md } from "../uapi/bpf.generated.ts";

/** How a packet came in, as an XDP program sees it. */
export interface XdpArrivalOptions {
  /** What lies before the packet (`data_meta`): a multiple of 4, at most 216 bytes. */
  readonly metadata?: Uint8Array;
  /** Index of an interface of this network namespace that has receive queues for XDP; the loopback interface unless given. */
  readonly ingressInterface?: number;
  /** One of that interface's receive queues; the first unless given. */
  readonly receiveQueue?: number;
}

/** The context of a test run, which the kernel reads before it and writes after it. */
export class XdpArrival implements Disposable {
  readonly #input: Attributes;
  readonly #output: Attributes;

  constructor(packetLength: number, { metadata, ingressInterface = 0, receiveQueue = 0 }: XdpArrivalOptions) {
    // The data that the kernel is given begin with the metadata.
    const data = metadata?.length ?? 0;
    this.#input = new Attributes(xdp_md, {
      data,
      data_end: data + packetLength,
      ingress_ifindex: ingressInterface,
      rx_queue_index: receiveQueue,
    });
    this.#output = new Attributes(xdp_md);
  }

  attributes(): Readonly<Record<"ctx_in" | "ctx_size_in" | "ctx_out" | "ctx_size_out", number>> {
    const { size } = xdp_md;
    const [input, output] = [this.#input.block, this.#output.block];
    return { ctx_in: input.address, ctx_size_in: size, ctx_out: output.address, ctx_size_out: size };
  }

  /** Bytes of metadata after the run. */
  get metadataLength(): number {
    return this.#output.number("data");
  }

  [Symbol.dispose](): void {
    this.#input[Symbol.dispose]();
    this.#output[Symbol.dispose]();
  }
}
