import type { Evidence } from "../evidence.ts";
import type { CauseSlot, Explanation, Refusal } from "../refusal.ts";

/** What a program must give back, hold, or answer. */
export const obligationRefusals: readonly Refusal[] = [
  {
    kind: "reference",
    pattern: /Unreleased reference id=\d+ alloc_insn=(\d+)/,
    explain: ([, slot = ""], evidence) => unreleased(Number(slot), evidence),
  },
  {
    kind: "reference",
    pattern: /would lead to reference leak|reference has not been acquired/,
    explain: (_, evidence) => unreleased(evidence.latestCall(/reserve|lookup|acquire|create/)?.slot, evidence),
  },
  lock(
    /bpf_spin_unlock is missing|inside bpf_spin_lock-ed region|missing unlock/,
    "The program ends on this way with the lock held.",
  ),
  lock(
    /function calls are not allowed while holding a lock/,
    "While a lock is held nothing may be called: others wait for it.",
  ),
  lock(/bpf_spin_unlock without taking a lock|bpf_spin_unlock of different lock/, "The lock is not held here."),
  lock(/Locking two bpf_spin_locks|can not be taken twice/, "A lock is held already; a program may hold one."),
  {
    kind: "lock",
    pattern: /bpf_spin_lock cannot be accessed directly/,
    explain: () => ({
      meaning: ["The lock's own bytes must not be read or written."],
      fix: "Leave the lock's field alone when the record is copied or filled.",
    }),
  },
  {
    kind: "lock",
    pattern: /map '(\w+)' has no valid bpf_spin_lock|map '(\w+)' is not a struct type or bpf_spin_lock is mangled/,
    explain: ([, name, other]) => ({
      meaning: [`The values of map ${name ?? other} have no lock.`],
      fix: "Declare a lock as a field of the map's record.",
    }),
  },
  lock(
    /(?:rcu_read_(?:un)?lock|preempt_(?:dis|en)able|irq).*(?:unmatched|region|missing|imbalance|not)|region is missing/,
    "What begins such a section must end it, on every way.",
  ),
  {
    kind: "return-value",
    pattern:
      /At (program exit|(?:async )?callback(?: return)?) the register R0 (?:has (.*?) should have been in (.*)|is not a known value)/,
    explain([, where = "", , allowed], evidence) {
      const [low, high] = (allowed ?? "").match(/-?(?:0x[\da-f]+|\d+)/g) ?? [];
      const limits = low === undefined || high === undefined ? "" : ` from ${Number(low)} to ${Number(high)}`;
      return {
        meaning: [`${where === "program exit" ? "Such a program" : "Such a function"} must return a number${limits}.`],
        cause: evidence.causeOf("what is returned", "R0") ?? constantReturned(evidence),
        fix: "Return one of the numbers that are allowed, a constant on every way.",
        slot: wayOut(evidence),
      };
    },
  },
];

function unreleased(slot: number | undefined, evidence: Evidence): Explanation {
  return {
    meaning: ["The program ends on this way without giving back what it got."],
    cause: slot === undefined ? undefined : { slot, words: `${evidence.calleeAt(slot)} gave it` },
    fix: "Submit, discard or release it on every way out, also where something else fails.",
    slot: wayOut(evidence),
  };
}

function lock(pattern: RegExp, meaning: string): Refusal {
  return {
    kind: "lock",
    pattern,
    explain(_, evidence) {
      const call = evidence.latestCall(/_lock$/);
      return {
        meaning: [meaning],
        cause: call?.slot === undefined ? undefined : { slot: call.slot, words: "the lock is taken" },
        fix: "Take the lock, change the value, and release it, with nothing else in between, on every way.",
        slot: wayOut(evidence),
      };
    },
  };
}

function constantReturned(evidence: Evidence): CauseSlot | undefined {
  const origin = evidence.origin("R0");
  const range = origin?.state?.range;
  return origin && range && { slot: origin.slot, words: `it is ${range.min}`, range };
}

/**
 * The jump by which a way came to an end that many ways share: the program's last lines are the same for all of them.
 * undefined when the way came there from the instruction before it.
 */
function wayOut({ program, log, effect }: Evidence): number | undefined {
  if (effect?.kind !== "exit" || log.slot === undefined) return undefined;
  const functionOf = (slot: number) => program.functions.findLast((candidate) => candidate.slot <= slot);
  const line = (slot: number) => program.lines.findLast((candidate) => candidate.slot <= slot);
  let end = log.slot;
  for (let step = log.last?.before; step !== undefined; step = step.before) {
    if (step.slot === undefined) continue;
    // A callback that runs later is looked at after the program.
    if (functionOf(step.slot) !== functionOf(log.slot)) return undefined;
    if (step.slot < end - 2 || step.slot >= end) return step.slot;
    if (line(step.slot) !== line(log.slot)) return undefined;
    end = step.slot;
  }
  return undefined;
}
