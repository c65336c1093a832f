import type { Layout } from "@weir/bytecode/layout";
import { ArrayMap, type BpfMap } from "@weir/kernel";
import { FlowSamples } from "@weir/programs";
import type { FlowFamily } from "../flow-table/flow-family.ts";
import type { FlowSlots } from "../flow-table/flow-rows.ts";
import { SAMPLE_WORDS } from "../flow-table/sample-columns.ts";

/** The maps of a flow table of one IP version. */
export interface FlowMaps {
  readonly slots: BpfMap;
  /** Where packets are sampled. */
  readonly samples: BpfMap | undefined;
}

/**
 * A flow table that is mapped into this process when it is looked at first: for a large one that takes a while, and where there is no IPv6,
 * nobody ever looks at that.
 */
export class MappedTable implements Disposable {
  readonly #family: FlowFamily;
  readonly #first: number;
  readonly #size: number;
  readonly #slots: () => Uint32Array;
  readonly #samples: (() => Uint32Array) | undefined;
  readonly #resources = new DisposableStack();

  /**
   * @param first the number of its first slot
   * @throws {KernelError} `WEIR_MAP_LAYOUT`
   */
  constructor(family: FlowFamily, { slots, samples }: FlowMaps, first: number) {
    this.#family = family;
    this.#first = first;
    this.#size = slots.info.maxEntries;
    this.#slots = this.#words(slots, family.layout);
    this.#samples = samples && this.#words(samples, FlowSamples);
  }

  get isSampled(): boolean {
    return this.#samples !== undefined;
  }

  /** Some of the slots, from the one with index `start` on; all of them unless said. */
  slots(start = 0, count = this.#size): FlowSlots {
    const part = (words: Uint32Array, size: number) => words.subarray(start * size, (start + count) * size);
    const samples = this.#samples?.();
    return {
      words: part(this.#slots(), this.#family.size / 4),
      samples: samples && part(samples, SAMPLE_WORDS),
      first: this.#first + start,
    };
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }

  /** An array's memory as words. */
  #words(map: BpfMap, value: Layout): () => Uint32Array {
    const array = this.#resources.use(ArrayMap.of(map, { value }));
    let words: Uint32Array | undefined;
    return () => {
      words ??= new Uint32Array(this.#resources.use(array.memory()).buffer);
      return words;
    };
  }
}
