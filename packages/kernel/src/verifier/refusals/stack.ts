import { deepestCall } from "../call-depth.ts";
import type { Refusal } from "../refusal.ts";

const BYTES = 512;

/** The program's stack. */
export const stackRefusals: readonly Refusal[] = [
  {
    kind: "stack-bounds",
    pattern: /invalid (?:unbounded )?variable-offset .*stack (R\d+)/,
    explain([, register = ""], evidence) {
      return {
        meaning: ["The index may lie outside of what is on the stack."],
        cause: evidence.causeOf("the index", register),
        fix: "Compare the index with the length first, or mask it: index & 7 for 8 elements.",
      };
    },
  },
  {
    kind: "stack-uninitialised",
    pattern:
      /invalid (?:indirect )?read from stack(?: R\d+)? (?:var_)?off[ =]?(-?\d+)\+\d+|corrupted spill memory|invalid size of register (?:spill|fill)/,
    explain: () => ({
      meaning: ["Bytes of the stack are read that were not written on this way."],
      fix: "Give every field of the record a value before it is used, also those between the fields.",
    }),
  },
  {
    kind: "stack-bounds",
    pattern:
      /invalid (?:indirect )?(?:write|access|read|zero-sized read)(?: \w+)* stack(?: (R\d+))? (?:var_)?off=(-?\d+) size=(\d+)/,
    explain: ([, , offset = "", size = ""]) => ({
      meaning: [outside(Number(offset), Number(size))],
      fix: "Make the record or the array on the stack as long as what is read from it or written to it; keep large ones in a map.",
    }),
  },
  {
    kind: "stack-size",
    pattern: /combined stack size of (\d+) calls is (\d+)\. Too large/,
    explain([, calls = "", size = ""], { program }) {
      return {
        meaning: [`Along ${calls} calls the functions need ${size} bytes of stack, and there are ${BYTES}.`],
        fix: "Keep large records in a per-CPU map with one element, or let fewer functions be subprograms.",
        slot: deepestCall(program),
      };
    },
  },
  {
    kind: "stack-size",
    pattern: /stack depth|stack size|exceed(?:s|ed)? .*stack/,
    explain: () => ({
      meaning: [`A program has ${BYTES} bytes of stack, with all that it calls.`],
      fix: "Keep large records in a per-CPU map with one element.",
    }),
  },
  {
    kind: "call-depth",
    pattern: /the call stack of (\d+) frames is too deep|recursive call|back-edge/,
    explain([reason], { effect }) {
      // Older verifiers take a function that calls itself for a loop.
      if (reason === "back-edge" && effect?.kind !== "call") return undefined;
      return {
        meaning: ["Functions may call each other 8 deep, and not themselves."],
        fix: "Let a function become part of its caller instead of a subprogram, or write the recursion as a loop.",
      };
    },
  },
];

function outside(offset: number, size: number): string {
  if (offset >= 0) return "The access is above the function's own stack.";
  if (offset < -BYTES) return `The access is ${-offset} bytes down the stack, and there are ${BYTES}.`;
  return `${size} bytes are accessed where the stack has ${-offset}.`;
}
