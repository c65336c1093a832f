import type { FlowFamily } from "../flow-table/flow-family.ts";
import { FlowRows, type FlowSlots } from "../flow-table/flow-rows.ts";
import { type FlowMaps, MappedTable } from "./mapped-table.ts";

/** The flow table of one IP version, read out of the memory that this process shares with programs. */
export class MappedFlows implements Disposable {
  readonly family: FlowFamily;
  readonly #own: MappedTable;
  /** Behind the own one, and one another: each slot has a number. */
  readonly #carried: readonly MappedTable[];
  readonly #sectionSlots: number | undefined;
  readonly #resources: DisposableStack;
  #spare: FlowRows | undefined;

  /**
   * @param carried what earlier programs counted into, and nobody writes any more
   * @param sectionSlots how many slots each CPU's section has, where it is known
   * @throws {KernelError} `WEIR_MAP_LAYOUT`
   */
  constructor(family: FlowFamily, own: FlowMaps, carried: readonly FlowMaps[], sectionSlots: number | undefined) {
    using stack = new DisposableStack();
    let first = 0;
    const table = (maps: FlowMaps) => {
      const mapped = stack.use(new MappedTable(family, maps, first));
      first += maps.slots.info.maxEntries;
      return mapped;
    };
    this.family = family;
    this.#own = table(own);
    this.#carried = carried.map(table);
    this.#sectionSlots = sectionSlots;
    this.#resources = stack.move();
  }

  /**
   * @param taken how many slots of each CPU are taken, at least: where there are none, going through all of them is spared
   * @param carried how many are in what was carried over
   */
  read(taken: readonly number[], carried: number): FlowRows {
    const rows = this.#spare ?? new FlowRows(this.family, this.#own.isSampled);
    this.#spare = undefined;
    const own = taken.reduce((sum, slots) => sum + slots, 0);
    const memory =
      this.#sectionSlots === undefined ? wholeIf(own, [this.#own]) : this.#sections(taken, this.#sectionSlots);
    rows.refill([...memory, ...wholeIf(carried, this.#carried)], own + carried);
    return rows;
  }

  /** Takes back rows that nobody looks at any more: their memory is used again. */
  recycle(rows: FlowRows | undefined): void {
    this.#spare ??= rows;
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }

  #sections(taken: readonly number[], size: number): FlowSlots[] {
    return taken.flatMap((slots, cpu) => (slots === 0 ? [] : [this.#own.slots(cpu * size, size)]));
  }
}

function wholeIf(taken: number, tables: readonly MappedTable[]): FlowSlots[] {
  return taken === 0 ? [] : tables.map((table) => table.slots());
}
