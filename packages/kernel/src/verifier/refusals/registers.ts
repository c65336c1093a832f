import type { Evidence } from "../evidence.ts";
import type { Explanation, Refusal } from "../refusal.ts";
import { type Origin, stateBefore } from "../trace.ts";

const LOOK_UP_AGAIN = "Call packet.at(…) again after the packet was moved.";

/** What registers hold when they are used. */
export const registerRefusals: readonly Refusal[] = [
  {
    kind: "no-return-value",
    pattern: /R0 !read_ok/,
    explain(_, { effect }) {
      if (effect?.kind !== "exit") return undefined;
      return {
        meaning: ["The program ends on this way without giving a value."],
        fix: "Return a verdict, such as XDP_PASS, on every way.",
      };
    },
  },
  {
    kind: "uninitialised",
    pattern: /(R\d+) !read_ok/,
    explain([, register = ""], evidence) {
      const origin = evidence.origin(register);
      if (origin?.effect?.kind === "call") {
        return {
          meaning: ["A call leaves nothing in the registers of its arguments."],
          cause: { slot: origin.slot, words: `${evidence.calleeAt(origin.slot)} is called` },
          fix: "Keep what is needed after the call in R6 to R9, or on the stack.",
        };
      }
      if (evidence.effect?.kind === "call") {
        return {
          meaning: [`${evidence.called} has more arguments than it is given: ${register} has no value.`],
          fix: "Give the call all its arguments.",
        };
      }
      return {
        meaning: ["A variable is read that has no value on some way."],
        fix: "Give it a value where it is declared.",
      };
    },
  },
  {
    kind: "stale-packet",
    pattern: /(R\d+) invalid mem access '(?:scalar|inv)'/,
    explain: ([, register = ""], evidence) => stalePacket(register, evidence),
  },
  {
    kind: "released",
    pattern: /(R\d+) (?:invalid mem access '(?:scalar|inv)'|type=(?:scalar|inv) expected=)/,
    explain: ([, register = ""], evidence) => released(register, evidence),
  },
  {
    kind: "number-as-pointer",
    pattern: /(R\d+) invalid mem access '(?:scalar|inv)'/,
    explain([, register = ""], evidence) {
      const origin = evidence.origin(register);
      return {
        meaning: [
          "A number is used as an address. Programs reach memory only by what the kernel gave them as an address.",
        ],
        cause: origin && { slot: origin.slot, words: `it is ${evidence.describe(origin)}`, range: origin.state?.range },
        fix: "Reach the packet with packet.at(…), maps with lookup(…), the kernel's own memory with kernelCopy(…).",
      };
    },
  },
  {
    kind: "pointer-leak",
    pattern: /leaks addr|attempt to corrupt spilled|partial copy of pointer/,
    explain: () => ({
      meaning: ["An address of the kernel's would be given away."],
      fix: "Store and return numbers alone; with CAP_PERFMON the verifier allows it.",
    }),
  },
  {
    kind: "number-as-pointer",
    pattern: /R\d+ invalid mem access '(\w+)'/,
    explain: ([, type = ""]) => ({
      meaning: [`Nothing can be read or written through what the verifier calls a ${type}.`],
      fix: "Use what packet.at(…) or lookup(…) gave.",
    }),
  },
];

/** Packet addresses die when the packet is moved; the verifier knows them as numbers from then on. */
function stalePacket(register: string, evidence: Evidence): Explanation | undefined {
  const origin = evidence.origin(register);
  if (origin === undefined || !hasBeen(/^pkt/, register, origin, evidence)) return undefined;
  const call = evidence.latestCall(/adjust|pull_data|change_|vlan_|store_bytes|a function/, origin.step);
  if (call?.slot === undefined) return undefined;
  return {
    meaning: ["The address was found before the packet was moved, and is dead since."],
    cause: { slot: call.slot, words: `${evidence.calleeAt(call.slot)} may move the packet` },
    fix: LOOK_UP_AGAIN,
  };
}

function released(register: string, evidence: Evidence): Explanation | undefined {
  const origin = evidence.origin(register);
  if (origin === undefined || !hasBeen(/mem|sock|ptr_|map_value/, register, origin, evidence)) return undefined;
  const call = evidence.latestCall(/submit|discard|release|_put|_drop|unlock/, origin.step);
  if (call?.slot === undefined) return undefined;
  return {
    meaning: ["It was given back before, and must not be used since."],
    cause: { slot: call.slot, words: `${evidence.calleeAt(call.slot)} gives it back` },
    fix: "Use it up before it is given back, and give it back once on every way.",
  };
}

/** Whether a value was of such a type anywhere between where it was made and where it is used. */
function hasBeen(type: RegExp, register: string, origin: Origin, evidence: Evidence): boolean {
  if (origin.state !== undefined && type.test(origin.state.type)) return true;
  for (let step = evidence.log.last?.before; step !== undefined && step !== origin.step; step = step.before) {
    const state = step.frame === evidence.log.last?.frame ? step.state?.values.get(register) : undefined;
    if (state !== undefined && type.test(state.type)) return true;
  }
  const operand = stateBefore(origin.step, `R${origin.instruction.destination}`);
  return origin.effect?.kind === "alu" && operand !== undefined && type.test(operand.type);
}
