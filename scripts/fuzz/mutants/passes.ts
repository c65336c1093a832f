import type { Mutant } from "./mutant.ts";

const loads = "codegen/src/passes/available-loads.ts";
const branches = "codegen/src/passes/known-branches.ts";
const constants = "codegen/src/passes/thread-constants.ts";
const jumps = "codegen/src/passes/thread-jumps.ts";

export const passes: readonly Mutant[] = [
  {
    file: loads,
    find: 'if (write === "call") this.#known = [];',
    replace: 'if (write === "call") return;',
    breaks: "a call changes no memory",
  },
  {
    file: loads,
    find: "for (const value of between.values) this.#forgetWritten(value);",
    replace: "for (const value of between.values) void value;",
    breaks: "blocks on the way change no memory",
  },
  {
    file: loads,
    find: "return known.offset < write.offset + write.bits / 8 && write.offset < known.offset + known.bits / 8;",
    replace: "return known.offset === write.offset;",
    breaks: "stores overlap only what begins where they do",
  },
  {
    file: loads,
    find: "if (stored.width === bits) this.#known",
    replace: "this.#known",
    breaks: "a byte that was stored is loaded as all that was given",
  },
  {
    file: loads,
    find: "return known.region === region || isAnything(known.region) || isAnything(region);",
    replace: "return false;",
    breaks: "different addresses are different memory",
  },
  {
    file: branches,
    find: "if (question.comparison === branch.comparison) return holds;",
    replace: "if (question.comparison === branch.comparison) return !holds;",
    breaks: "a question that was answered gets the other answer",
  },
  {
    file: branches,
    find: "return { branch, holds: branch.whenTrue === block };",
    replace: "return { branch, holds: true };",
    breaks: "the other arm knows that the condition holds",
  },
  {
    file: branches,
    find: "if (!holds && asked.size <= known.size) return false;",
    replace: "if (!holds) return false;",
    breaks: "the packet is as long as anybody asks",
  },
  {
    file: constants,
    find: "const index = block.predecessors.indexOf(predecessor);\n  // What",
    replace: "const index = 0;\n  // What",
    breaks: "every edge brings what the first brings",
  },
  {
    file: jumps,
    find: "if (operand !== undefined) phi.operands.push(operand);",
    replace: "if (operand !== undefined) phi.operands.unshift(operand);",
    breaks: "phis take the value of another edge",
  },
  {
    file: "codegen/src/passes/dead-code.ts",
    find: 'case "store":\n',
    replace: "",
    breaks: "stores are taken for needless",
  },
  {
    file: "codegen/src/passes/memory-region.ts",
    find: 'case "stack":\n      return "stack";',
    replace: 'case "stack":\n      return "packet";',
    breaks: "the stack and the packet are taken for the same, the stack and an unknown address for different memory",
  },
];
