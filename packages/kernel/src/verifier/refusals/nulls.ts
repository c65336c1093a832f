import type { Evidence } from "../evidence.ts";
import type { CauseSlot, Explanation, Refusal } from "../refusal.ts";

const TEST = "Test it for null first: if (value === null) return XDP_PASS;";

/** Results that may be null. */
export const nullRefusals: readonly Refusal[] = [
  {
    kind: "null",
    pattern: /(R\d+) invalid mem access '\w+_or_null'/,
    explain: ([, register = ""], evidence) => explain(register, "used", evidence),
  },
  {
    kind: "null",
    pattern: /(R\d+) pointer arithmetic on \w+_or_null prohibited/,
    explain: ([, register = ""], evidence) => explain(register, "calculated with", evidence),
  },
  {
    kind: "null",
    pattern: /(R\d+) type=\w+_or_null expected=/,
    explain: ([, register = ""], evidence) => explain(register, "passed on", evidence),
  },
  {
    kind: "null",
    pattern: /[Pp]ossibly NULL pointer passed to (?:trusted |helper )?arg(\d)/,
    explain: ([, argument = ""], evidence) => explain(`R${Number(argument) + 1}`, "passed on", evidence),
  },
];

function explain(register: string, use: string, evidence: Evidence): Explanation {
  return {
    meaning: [`What may be null is ${use} before it was tested for null.`],
    cause: cause(register, evidence),
    fix: TEST,
  };
}

function cause(register: string, evidence: Evidence): CauseSlot | undefined {
  const origin = evidence.origin(register);
  if (origin === undefined) return undefined;
  const map = /lookup/.test(evidence.calleeAt(origin.slot)) ? evidence.mapIn("R1", origin.step) : undefined;
  const source = map === undefined ? evidence.describe(origin) : `what the look-up in map ${map} found`;
  return { slot: origin.slot, words: `it is ${source}` };
}
