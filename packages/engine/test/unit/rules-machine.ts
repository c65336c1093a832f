import { withConfig, withMapSizes } from "@weir/bytecode";
import { decode, encode, type Layout } from "@weir/bytecode/layout";
import { Machine } from "@weir/bytecode/machine";
import { LimitNumbers, RuleAction, RuleCounts, RuleWindow, withFlowTables } from "@weir/programs";
import type { RuleSet } from "@weir/rules";
import { newTableForm } from "../../src/monitor/table-form.ts";
import { actionNumbers } from "../../src/rules/action-numbers.ts";
import { limitNumbers } from "../../src/rules/limits-stage.ts";
import { numberRules } from "../../src/rules/number-rules.ts";
import { type Clocks, kernelWindows, RULE_WINDOWS } from "../../src/rules/rule-windows.ts";
import { NOTHING_CLEARED, RulesStage } from "../../src/rules/rules-stage.ts";

const PROGRAM = "xdp_packet_monitor";
const NOTHING = { maps: new Map(), contents: new Map(), cleared: NOTHING_CLEARED };

/** The filter's program with rules, in the machine, whose clock can be set. */
export class RulesMachine {
  readonly machine: Machine;
  readonly #rules: RuleSet;
  readonly #slots: Readonly<Record<string, number>>;

  /**
   * @param clocks when the rules are applied
   * @param buckets of the table; as many as are wanted when left out
   */
  constructor(rules: RuleSet, { clocks, buckets }: { readonly clocks?: Clocks; readonly buckets?: number } = {}) {
    const { applied } = numberRules(rules, undefined, clocks);
    const form = { ...newTableForm(16), sections: 1, slots: 32 };
    const object = withFlowTables(new RulesStage(applied, NOTHING).object(form), form);
    const small = buckets && withConfig(withMapSizes(object, { RULE_LIMITS: buckets }), { limit_buckets: buckets });
    this.machine = new Machine(small || object);
    this.#rules = rules;
    this.#slots = applied.slots;
    for (const [index, [{ name }, action]] of actionNumbers(applied.document).entries()) {
      this.#set("RULES", index, RuleAction, { slot: applied.slots[name] ?? 0, action });
    }
    for (const [index, numbers] of limitNumbers(applied, rules.rules))
      this.#set("LIMITS", index, LimitNumbers, numbers);
    for (const [index, window] of kernelWindows(applied)) this.#set(RULE_WINDOWS, index, RuleWindow, window);
  }

  #set<L extends Layout>(map: string, index: number, layout: L, value: Parameters<typeof encode<L>>[1]): void {
    const [key, bytes] = [new DataView(new ArrayBuffer(4)), new DataView(new ArrayBuffer(layout.size))];
    key.setUint32(0, index, true);
    encode(layout, value, bytes);
    this.machine.map(map).set(new Uint8Array(key.buffer), new Uint8Array(bytes.buffer));
  }

  run(packet: Uint8Array, time: bigint): number {
    this.machine.clock.now = time;
    return Number(this.machine.run({ program: PROGRAM, packet }).result);
  }

  /** What was counted for a rule, in both sections. */
  counts(name: string): { packets: bigint; over: bigint; bytes: bigint; overBytes: bigint; untracked: bigint } {
    const sum = { packets: 0n, over: 0n, bytes: 0n, overBytes: 0n, untracked: 0n };
    const { maxEntries } = this.machine.map("RULE_COUNTS").spec;
    const slot = this.#slots[name] ?? 0;
    for (let index = slot; index < maxEntries; index += maxEntries / 2) {
      const key = new DataView(new ArrayBuffer(4));
      key.setUint32(0, index, true);
      const value = this.machine.map("RULE_COUNTS").get(new Uint8Array(key.buffer));
      if (value === undefined) throw new Error("an array has all its elements");
      const one = decode(RuleCounts, new DataView(value.buffer, value.byteOffset, value.byteLength));
      sum.packets += one.packets;
      sum.bytes += one.bytes;
      sum.over += one.over_packets;
      sum.overBytes += one.over_bytes;
      sum.untracked += one.no_room;
    }
    return sum;
  }

  get names(): readonly string[] {
    return this.#rules.rules.map(({ name }) => name);
  }
}
