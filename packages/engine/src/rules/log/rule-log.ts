import { join } from "node:path";
import { ArrayMap, BpfMap, type MapMemory, RingBuffer, realTimeOffset } from "@weir/kernel";
import { RuleCounts } from "@weir/programs";
import { EngineError } from "../../errors.ts";
import { ifFound } from "../../if-found.ts";
import { pathInside } from "../../pinned/bpf-file-system.ts";
import { attachedMonitor, openMonitor } from "../../pinned/find-pinned.ts";
import { pinsOn } from "../../pinned/generation.ts";
import { isInForce } from "../../pinned/opened-monitor.ts";
import { argument } from "../../text/shell-word.ts";
import { noRules, sumOf } from "../list-rules.ts";
import { type AppliedRules, readAppliedRules } from "../pinned-rules.ts";
import { LOG_RECORDS, loggingRules, logs } from "../reports-stage.ts";
import { RULE_COUNTS } from "../rules-stage.ts";
import { lockLog } from "./log-lock.ts";
import { frameOf, type LoggedFrame } from "./logged-frame.ts";

/** Frames that rules matched which log, and did not log. */
export interface UnloggedFrames {
  /** Above the rates of their rules. */
  readonly over: bigint;
  /** Those whose records found no room in the buffer. */
  readonly noRoom: bigint;
}

/** How long other rules may be in force before it is noticed, in milliseconds. */
const SLOW_INTERVAL = 500;

/**
 * What the rules on an interface log, for one reader at a time. It goes on when other rules are applied, as long as some of them log.
 *
 * @example
 * ```ts
 * using log = new RuleLog("eth0");
 * for (const { rule, verdict, ends } of log.take()) console.log(rule, verdict, ends?.source);
 * log.unlogged; // { over: 0n, noRoom: 0n }
 * ```
 * Needs root, or CAP_BPF. Since Linux 6.1.
 */
export class RuleLog implements Disposable {
  readonly interface: string;
  readonly #resources: DisposableStack;
  readonly #records: RingBuffer;
  readonly #counts: MapMemory;
  readonly #countsId: number;
  readonly #before: ReadonlyMap<number, UnloggedFrames>;
  #programId: number;
  #applied: AppliedRules;
  #names: ReadonlyMap<number, string>;
  #looked = performance.now();

  /**
   * @throws {EngineError} `WEIR_NOT_ATTACHED`; `WEIR_NO_RULES` when no rule there logs; `WEIR_BUSY` when another process reads it
   * @throws {KernelError} `WEIR_NO_INTERFACE`, `WEIR_PERMISSION`
   */
  constructor(name: string) {
    using opened = openMonitor(name);
    const { directory, programId, interface: interfaceName } = opened.monitor;
    const pins = pinsOn(opened.monitor);
    const applied = readAppliedRules(pins);
    if (applied === undefined) throw noRules(interfaceName);
    if (!logs(applied.document)) throw noLog(interfaceName);
    using stack = new DisposableStack();
    stack.use(lockLog(pathInside(directory), interfaceName));
    this.#records = stack.use(RingBuffer.open(join(pins, LOG_RECORDS)));
    const counts = stack.use(BpfMap.open(join(pins, RULE_COUNTS)));
    this.#counts = stack.use(stack.use(ArrayMap.of(counts, { value: RuleCounts })).memory());
    this.#countsId = counts.info.id;
    this.interface = interfaceName;
    this.#programId = programId;
    this.#applied = applied;
    this.#names = loggingRules(applied);
    this.#before = new Map([...this.#names.keys()].map((slot) => [slot, this.#unloggedOf(slot)]));
    this.#resources = stack.move();
  }

  /**
   * The frames that were logged since the last time, in the order in which they came; the first time, also what nobody had read before.
   *
   * @param most so many at most; the others stay
   * @throws {EngineError} `WEIR_NO_RULES` when no rule logs any more, `WEIR_NOT_ATTACHED`; what was logged before has been taken
   */
  take(most?: number): readonly LoggedFrame[] {
    const frames = this.#drain(most);
    if (frames.length > 0 || performance.now() - this.#looked < SLOW_INTERVAL) return frames;
    try {
      this.#look();
    } catch (error) {
      // What was on its way when the other rules came.
      const last = this.#drain(most);
      if (last.length > 0) return last;
      throw error;
    }
    return frames;
  }

  /** Since this was opened. */
  get unlogged(): UnloggedFrames {
    let [over, noRoom] = [0n, 0n];
    for (const slot of this.#names.keys()) {
      const [now, before] = [this.#unloggedOf(slot), this.#before.get(slot)];
      over += now.over - (before?.over ?? 0n);
      noRoom += now.noRoom - (before?.noRoom ?? 0n);
    }
    return { over, noRoom };
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }

  #drain(most: number | undefined): readonly LoggedFrame[] {
    const { offset } = realTimeOffset(1);
    const frames: LoggedFrame[] = [];
    this.#records.drain((record) => {
      const { slot, frame } = frameOf(record, offset);
      const rule = this.#nameOf(slot);
      frames.push({ rule, ...frame });
    }, most);
    return frames;
  }

  #nameOf(slot: number): string {
    const known = this.#names.get(slot);
    if (known !== undefined) return known;
    try {
      this.#look();
    } catch (error) {
      // The next look says so again, behind the frames that are being taken.
      if (!this.#names.has(slot)) throw error;
    }
    const name = this.#names.get(slot);
    if (name !== undefined) return name;
    throw new Error(`a record says that place ${slot} logged it, where no rule is counted`);
  }

  /** Looks whether other rules are in force. @throws when they do not log, or there are none; what is known of them is kept then, too */
  #look(): void {
    this.#looked = performance.now();
    for (;;) {
      const monitor = attachedMonitor(this.interface);
      if (monitor.programId === this.#programId) return;
      const pins = pinsOn(monitor);
      const applied = readAppliedRules(pins);
      using counts = ifFound(() => BpfMap.open(join(pins, RULE_COUNTS)));
      // Its pins go when it is replaced.
      if (!isInForce(monitor)) continue;
      if (applied === undefined || counts === undefined) throw noRules(this.interface);
      if (counts.info.id !== this.#countsId) throw attachedAnew(this.interface);
      this.#applied = applied;
      this.#names = loggingRules(applied);
      if (!logs(applied.document)) throw noLog(this.interface);
      this.#programId = monitor.programId;
      return;
    }
  }

  #unloggedOf(slot: number): UnloggedFrames {
    const { over_packets: over, no_room: noRoom } = sumOf(this.#counts.view, slot, this.#applied.capacity);
    return { over, noRoom };
  }
}

function attachedAnew(name: string): EngineError {
  return new EngineError(
    "WEIR_NOT_ATTACHED",
    `weir was taken off ${name} while its log was read, and attached anew\n` +
      `  Read what is logged now: weir rules log ${argument(name)}`,
  );
}

function noLog(name: string): EngineError {
  return new EngineError(
    "WEIR_NO_RULES",
    `none of the rules on ${name} logs\n  Add one that does: weir rules add ${argument(name)} NAME log EXPRESSION`,
  );
}
