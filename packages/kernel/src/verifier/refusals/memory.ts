import { type Evidence, memory } from "../evidence.ts";
import { inWords } from "../range.ts";
import type { Explanation, Refusal, RefusalKind } from "../refusal.ts";

const BOUND = "Compare the index with the length first, or mask it: index & 7 for 8 elements.";

/** Accesses of maps' values and of other memory with a length. */
export const memoryRefusals: readonly Refusal[] = [
  ...outside(
    "map-bounds",
    /invalid access to map value, value_size=(\d+) off=(-?\d+) size=(\d+)(?:.*?(R\d+) (?:min|max))?/,
  ),
  ...outside(
    "map-bounds",
    /invalid access to map key, key_size=(\d+) off=(-?\d+) size=(\d+)(?:.*?(R\d+) (?:min|max))?/,
  ),
  ...outside(
    "memory-bounds",
    /invalid access to memory, mem_size=(\d+) off=(-?\d+) size=(\d+)(?:.*?(R\d+) (?:min|max))?/,
  ),
  {
    kind: "map-bounds",
    pattern:
      /(R\d+) (?:unbounded memory access, make sure|min value is negative, either use unsigned index|(?:min|max) value is outside of the allowed memory range)/,
    explain: ([, register = ""], evidence) => (mayBeEmpty(evidence) ? undefined : unbounded(register, evidence)),
  },
  {
    kind: "read-only",
    pattern: /write into map forbidden|cannot write into (?:rdonly|read-only)|write into read-only/,
    explain: () => ({
      meaning: ["Programs may only read this map: it is a table of constants, or was made with BPF_F_RDONLY_PROG."],
      fix: "Keep what changes in a map of its own, or in a variable that is no constant.",
    }),
  },
  {
    kind: "read-only",
    pattern: /read from map forbidden/,
    explain: () => ({
      meaning: ["Programs may only write this map: it was made with BPF_F_WRONLY_PROG."],
      fix: "Keep what the program reads in a map of its own.",
    }),
  },
  {
    kind: "alignment",
    pattern: /misaligned (\w+) access off .*size (\d+)/,
    explain: ([, what = "", size = ""]) => ({
      meaning: [
        `An access of ${size} bytes${what === "stack" ? " of the stack" : ""} must be at a multiple of ${size} bytes.`,
      ],
      fix: "Let the record's layout place the field, or read its bytes one by one.",
    }),
  },
  {
    kind: "atomic",
    pattern: /(?:BPF_ATOMIC|BPF_XADD)\w* (?:stores|loads) (?:into|from) R\d+ (\w+) is not allowed/,
    explain: ([, type = ""]) => ({
      meaning: [
        `Atomic instructions work on maps' values and on the stack, not on ${type === "pkt" ? "the packet" : `a ${type}`}.`,
      ],
      fix: "Add with += where only one CPU writes, or keep the number in a map's value.",
    }),
  },
];

/** The verifier knows the offset, or its largest one. */
function outside(kind: RefusalKind, pattern: RegExp): Refusal[] {
  return [
    {
      kind,
      pattern,
      explain([, length = "", offset = "", size = "", register], evidence) {
        if (mayBeEmpty(evidence)) return undefined;
        const accessed = register ?? pointerOf(evidence);
        const cause = evidence.causeOf("the index", accessed);
        const last = BigInt(offset) + BigInt(size) - 1n;
        const place = BigInt(offset) < 0n ? `byte ${offset}` : `byte ${last}`;
        return {
          meaning: [
            `The access reaches ${place}, and the ${kind === "map-bounds" ? "value" : "memory"} has ${length} bytes.`,
          ],
          cause,
          fix: cause === undefined ? "Use an index or a field that lies within it." : BOUND,
        };
      },
    },
  ];
}

/** What is too short is not the memory, but the length that a helper is given. */
const mayBeEmpty = ({ log }: Evidence): boolean => / size=0\b/.test(log.reason);

function unbounded(register: string, evidence: Evidence): Explanation {
  const pointer = evidence.state(register);
  const cause = evidence.causeOf("the index", register);
  const range = cause?.range ?? pointer?.range;
  if (range !== undefined && range.min === range.max) {
    return { meaning: [`The access lies outside of ${memory(pointer)}.`], cause, fix: BOUND };
  }
  const length = pointer?.details.get("vs") ?? pointer?.details.get("sz") ?? pointer?.details.get("mem_size");
  return {
    meaning: [
      `The index may be ${range === undefined ? "anything" : inWords(range)}, so the access may be outside of ${memory(pointer)}${
        length === undefined ? "" : `, which has ${length} bytes`
      }.`,
    ],
    cause,
    fix: BOUND,
  };
}

/** The register that a load or a store goes through. */
function pointerOf({ effect, instruction }: Evidence): string {
  return `R${effect?.kind === "load" ? instruction?.source : instruction?.destination}`;
}
