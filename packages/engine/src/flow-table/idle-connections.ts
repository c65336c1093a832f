import type { Evicted } from "../snapshot.ts";
import { ExactSum } from "./exact-sum.ts";
import type { FlowRows } from "./flow-rows.ts";

/** What connections hold that have been silent for too long. */
export class IdleConnections {
  readonly #packets = new ExactSum();
  readonly #bytes = new ExactSum();
  readonly #variance = { packets: 0, bytes: 0 };
  #count = 0;

  add({ packets, bytes, samples }: FlowRows, row: number): void {
    this.#count++;
    this.#packets.add(packets.high(row), packets.low(row));
    this.#bytes.add(bytes.high(row), bytes.low(row));
    if (samples === undefined) return;
    this.#variance.packets += samples.packetVariance.number(row);
    this.#variance.bytes += samples.byteVariance(row);
  }

  get count(): number {
    return this.#count;
  }

  /** @param isEstimated whether packets are sampled */
  sums(isEstimated: boolean): Evicted {
    const sums = { connections: BigInt(this.#count), packets: this.#packets.value, bytes: this.#bytes.value };
    if (!isEstimated) return sums;
    const { packets, bytes } = this.#variance;
    return { ...sums, standardError: { packets: Math.sqrt(packets), bytes: Math.sqrt(bytes) } };
  }
}
