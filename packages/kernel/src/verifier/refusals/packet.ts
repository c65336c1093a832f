import type { Evidence } from "../evidence.ts";
import { inWords } from "../range.ts";
import type { Explanation, Refusal } from "../refusal.ts";

/** The verifier follows no packet further than this. */
const LARGEST_OFFSET = 65_535n;
const READ_THROUGH_AT = "Read through packet.at(layout, offset) and test the result for null before its first use.";

/** Accesses of the packet. */
export const packetRefusals: readonly Refusal[] = [
  {
    kind: "packet-bounds",
    pattern: /invalid access to packet, off=(-?\d+) size=(\d+), (R\d+)\(.*?\br=(\d+)/,
    explain([, , size = "", register = "", known = ""], evidence) {
      const pointer = evidence.state(register);
      const offset = (pointer?.offset ?? 0) + (evidence.instruction?.offset ?? 0);
      if (pointer !== undefined && pointer.range.min !== pointer.range.max) return variable(register, evidence);
      const end = offset + Number(size);
      const meaning =
        known === "0"
          ? "Nothing on this way compared the packet's end with what is read here: the packet may end before it."
          : `On this way the packet is known to have ${known} bytes from there, and ${end} are needed.`;
      return { meaning: [meaning], fix: READ_THROUGH_AT };
    },
  },
  {
    kind: "packet-bounds",
    pattern: /invalid access to packet/,
    explain: () => ({
      meaning: ["This access is not covered by a bounds check: the packet may end before it."],
      fix: READ_THROUGH_AT,
    }),
  },
  {
    kind: "packet-end",
    pattern: /invalid mem access 'pkt_end'/,
    explain: () => ({
      meaning: ["The packet's end is an address to compare with; nothing can be read there."],
      fix: READ_THROUGH_AT,
    }),
  },
];

/** The offset into the packet is not one number. */
function variable(register: string, evidence: Evidence): Explanation {
  const pointer = evidence.state(register);
  const cause = evidence.causeOf("the offset", register);
  const range = cause?.range ?? pointer?.range;
  const tooLarge = pointer !== undefined && (pointer.range.max > LARGEST_OFFSET || pointer.range.min < 0n);
  if (tooLarge) {
    return {
      meaning: [
        `The offset may be ${range === undefined ? "anything" : inWords(range)}, and the verifier follows none beyond ${LARGEST_OFFSET}.`,
        "So comparing with the packet's end told it nothing.",
      ],
      cause,
      fix: "Mask or compare the offset before it is used: packet.at(layout, offset & 0x3fff).",
    };
  }
  return {
    meaning: [
      "A number that is not known was added to the packet's address after it was compared with the packet's end.",
      "The verifier forgets then what was compared.",
    ],
    cause,
    fix: "Let packet.at(layout, offset) add it: it compares with the packet's end afterwards.",
  };
}
