import type { Evidence } from "../evidence.ts";
import { HIGHEST, inWords, LOWEST } from "../range.ts";
import type { Explanation, Refusal } from "../refusal.ts";

/** Arithmetic on addresses. */
export const pointerRefusals: readonly Refusal[] = [
  {
    kind: "pointer-range",
    pattern: /math between (\w+) pointer and (?:register with unbounded min value|(-?\d+)) is not allowed/,
    explain: ([, type = "", constant], evidence) => tooFar(type, constant, evidence),
  },
  {
    kind: "pointer-range",
    pattern: /value (-?\d+) makes (\w+) pointer be out of bounds|(\w+) pointer offset (-?\d+) is not allowed/,
    explain: ([, value, type, other = "", offset], evidence) => tooFar(type ?? other, value ?? offset, evidence),
  },
  {
    kind: "pointer-range",
    pattern: /(R\d+) (?:has unknown scalar with mixed signed bounds|tried to add from different maps)/,
    explain: ([, register = ""], evidence) => ({
      meaning: ["The verifier cannot tell in which direction the address moves."],
      cause: evidence.causeOf("the number", register),
      fix: "Use an unsigned type, and compare it with its largest value first.",
    }),
  },
  {
    kind: "pointer-arithmetic",
    pattern: /32-bit pointer arithmetic prohibited/,
    explain: () => ({
      meaning: ["An address has 64 bits, and this calculates with 32 of them."],
      fix: "Calculate with offsets, and give packet.at(…) or an index the result.",
    }),
  },
  {
    kind: "pointer-arithmetic",
    pattern: /pointer arithmetic on (\w+) prohibited/,
    explain: ([, type = ""]) => ({
      meaning: [`${NAMES.get(type) ?? `A ${type}`} cannot be calculated with.`],
      fix: "Calculate with offsets, and give packet.at(…) or an index the result.",
    }),
  },
  {
    kind: "pointer-arithmetic",
    pattern:
      /pointer arithmetic with .* operator prohibited|bitwise operator .* on pointer prohibited|pointer (?:\S+ )?pointer prohibited|pointer comparison prohibited|subtract pointer from scalar|subtraction from stack pointer prohibited/,
    explain: () => ({
      meaning: [
        "Of an address only a number may be added or subtracted: anything else makes it a number that leads nowhere.",
      ],
      fix: "Calculate with offsets, and give packet.at(…) or an index the result.",
    }),
  },
];

const NAMES = new Map([
  ["pkt_end", "The packet's end"],
  ["ctx", "The program's context"],
  ["map_ptr", "A map"],
]);

function tooFar(type: string, constant: string | undefined, evidence: Evidence): Explanation {
  const where =
    type === "pkt" ? "the packet's address" : type === "map_value" ? "the address of a map's value" : "the address";
  if (constant !== undefined) {
    return {
      meaning: [`An offset of ${constant} bytes leads further than ${where} may be moved.`],
      fix: "Use an offset that lies within the memory behind it.",
    };
  }
  const register = `R${evidence.instruction?.source}`;
  const cause = evidence.causeOf("the number", register);
  const range = evidence.state(register)?.range ?? { min: LOWEST, max: HIGHEST };
  return {
    meaning: [`A number is added to ${where} that may be ${inWords(range)}.`],
    cause,
    fix: "Compare it with its largest value first, as an unsigned number, or mask it: offset & 0x3f.",
  };
}
