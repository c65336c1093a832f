import type { Refusal } from "../refusal.ts";

/** The context that a program is given, and the kernel's structures. */
export const contextRefusals: readonly Refusal[] = [
  {
    kind: "context",
    pattern: /invalid bpf_context access off=(\d+) size=(\d+)/,
    explain: ([, offset = "", size = ""], { effect, program }) => ({
      meaning: [
        `Programs of type ${program.type} may not ${effect?.kind === "load" ? "read" : "write"} the ${size} bytes at ${offset} of their context.`,
      ],
      fix: "Use the fields that the language names; another kernel may have more of them.",
    }),
  },
  {
    kind: "context",
    pattern: /dereference of modified ctx ptr|variable ctx access|negative offset ctx ptr/,
    explain: () => ({
      meaning: ["A program's context is read at constant offsets alone, by the address that the program was given."],
      fix: "Read the field that is meant, and choose between the values.",
    }),
  },
  {
    kind: "kernel-structure",
    pattern: /only read is supported|cannot write into (?:ptr_|trusted_ptr_)/,
    explain: () => ({
      meaning: ["The kernel's own structures may be read, not written."],
      fix: "Keep what changes in a map.",
    }),
  },
  {
    kind: "kernel-structure",
    pattern:
      /is (?:trusted_|rcu_)?ptr_(\w+) (?:invalid|access)|access beyond struct (\w+)|cannot access ptr member|access beyond the end of member/,
    explain: ([, name, other]) => ({
      meaning: [`The access lies outside of the kernel's ${name ?? other ?? "structure"}, or of its member.`],
      fix: "Read members by their names, so that they are found where this kernel has them.",
    }),
  },
];
