import type { MemberKind, Sets } from "@weir/pcap-filter";
import { kernelTime } from "./kernel-time.ts";
import { LiveSet } from "./live-set.ts";
import type { PresentRules } from "./new-rules.ts";
import { setsOf } from "./rule-document.ts";

/** The sets of rules that are in force, asked where they lie. */
export class LiveSets implements Sets, Disposable {
  readonly #present: PresentRules;
  readonly #now: bigint;
  readonly #open = new Map<string, LiveSet>();
  readonly #resources = new DisposableStack();

  constructor(present: PresentRules) {
    this.#present = present;
    this.#now = kernelTime(present.pins).now;
  }

  has(set: string, of: MemberKind, words: readonly number[]): boolean {
    return this.#opened(set).has(of, words, this.#now);
  }

  #opened(name: string): LiveSet {
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const { applied, maps } = this.#present;
    const declared = setsOf(applied.document).find((set) => set.name === name);
    if (declared === undefined) throw new Error(`there is no set @${name}`);
    const live = this.#resources.use(new LiveSet(declared, maps));
    this.#open.set(name, live);
    return live;
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}
