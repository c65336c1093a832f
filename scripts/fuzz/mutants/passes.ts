import type { Mutant } from "./mutant.ts";

const loads = "codegen/src/passes/available-loads.ts";
const branches = "codegen/src/passes/known-branches.ts";
const constants = "codegen/src/passes/thread-constants.ts";
const ranges = "codegen/src/passes/merge-ranges.ts";
const correlated = "codegen/src/passes/correlate-branches.ts";
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
    find: "for (const value of this.#writesIn(between)) this.#forgetWritten(value);",
    replace: "for (const value of this.#writesIn(between)) void value;",
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
    find: "if (stored.width !== bits) return;",
    replace: "",
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
    find: "asked.size <= known.size ? false : undefined",
    replace: "true ? false : undefined",
    breaks: "the packet is as long as anybody asks",
  },
  {
    file: constants,
    find: "const index = block.predecessors.indexOf(predecessor);\n  // What",
    replace: "const index = block.predecessors.length - 1;\n  // What",
    breaks: "every edge brings what the last brings",
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
    find: 'default:\n      return "unknown";',
    replace: 'default:\n      return "packet";',
    breaks: "what an address points into that nothing is known of is taken for the packet",
  },
  {
    file: "codegen/src/passes/reduce-strength.ts",
    find: "const factor = power / divisor + 1n;",
    replace: "const factor = power / divisor;",
    breaks: "a quotient by multiplication is too small by one for multiples",
  },
  {
    file: "codegen/src/passes/reduce-strength.ts",
    find: 'if (operator === "div" || width === 0) return quotient;',
    replace: "return quotient;",
    breaks: "a remainder becomes the quotient",
  },
  {
    file: "codegen/src/passes/reduce-strength.ts",
    find: "factor * divisor - power <= power >> BITS",
    replace: "factor * divisor - power <= power >> (BITS / 4n)",
    breaks: "quotients of large numbers are too large",
  },
  {
    file: "codegen/src/passes/reduce-strength.ts",
    find: "left.operation.bits !== right.operation.bits || ",
    replace: "",
    breaks: "the bytes of numbers of two widths are swapped like those of one",
  },
  {
    file: "codegen/src/passes/sink-operations.ts",
    find: "return holds === to ? branch.left : undefined;",
    replace: "return branch.left;",
    breaks: "a number is taken for the constant that it is not",
  },
  {
    file: "codegen/src/passes/sink-operations.ts",
    find: "if (left === common) return right;",
    replace: "if (left === common || common.width > 0) return right;",
    breaks: "what a way adds to one number is added to another",
  },
  {
    file: "codegen/src/passes/merge-checks.ts",
    find: "if (at.predecessors.length !== 1 || at.values.some(hasEffect)) return undefined;",
    replace: "if (at.predecessors.length !== 1) return undefined;",
    breaks: "what happens before a check is not done for short packets",
  },
  {
    file: "codegen/src/passes/merge-checks.ts",
    find: "if (one !== other) return returns(one) !== undefined && returns(one) === returns(other);",
    replace: "if (one !== other) return true;",
    breaks: "a packet that is too short for the second header goes where the first check says",
  },
  {
    file: "codegen/src/passes/merge-checks.ts",
    find: "if (next.size > first.size) {",
    replace: "if (next.size < first.size) {",
    breaks: "the first check asks for too little",
  },
  {
    file: "codegen/src/passes/hoist-invariants.ts",
    find: "return first && !writes.some((write) => mayOverwrite(write, value));",
    replace: "return first;",
    breaks: "what a loop writes is loaded before it",
  },
  {
    file: "codegen/src/passes/hoist-invariants.ts",
    find: "if (value.operands.some((operand) => inside.has(operand.current))) return true;",
    replace: "if (value.operands.every((operand) => inside.has(operand.current))) return true;",
    breaks: "what changes in a loop is computed before it",
  },
  {
    file: "codegen/src/passes/thread-paths.ts",
    find: 'if (terminator.kind === "return" || block.values.some(hasEffect)) return here;',
    replace: 'if (terminator.kind === "return") return here;',
    breaks: "effects on the way are left out",
  },
  {
    file: "codegen/src/passes/thread-paths.ts",
    find: 'return comparison === "eq" ? whenFalse : comparison === "ne" ? whenTrue : undefined;',
    replace: 'return comparison === "eq" ? whenTrue : comparison === "ne" ? whenFalse : undefined;',
    breaks: "an address is null",
  },
  {
    file: "codegen/src/ir/shortcut.ts",
    find: "[block, phi],",
    replace: "",
    breaks: "behind the blocks that are passed over a number is what it is on the shortened way",
  },
  {
    file: "codegen/src/passes/unroll-loops.ts",
    find: "const target = next === undefined ? trips.outside : trips.inside;",
    replace: "const target = next === undefined ? trips.inside : trips.inside;",
    breaks: "an unrolled loop does not end",
  },
  {
    file: "codegen/src/passes/unroll-loops.ts",
    find: "for (let round = 0; round <= trips.rounds; round++) {",
    replace: "for (let round = 0; round < trips.rounds; round++) {",
    breaks: "an unrolled loop has a round too few",
  },
  {
    file: ranges,
    find: "const toOuter = isTrueArm ? first.numbers.opposite() : first.numbers;",
    replace: "const toOuter = first.numbers;",
    breaks: "two comparisons are joined as if the first one's arms had changed places",
  },
  {
    file: ranges,
    find: "if (low.first / bit !== low.last / bit)",
    replace: "if (low.first / bit > low.last / bit)",
    breaks: "ranges within which a bit changes are taken for one range without it",
  },
  {
    file: ranges,
    find: "if (shape.mask !== undefined) left",
    replace: "if (shape.mask === undefined) left",
    breaks: "the bit in which two ranges differ is asked for",
  },
  {
    file: ranges,
    find: 'compute("add", left, -shape.subtracted)',
    replace: 'compute("add", left, shape.subtracted)',
    breaks: "a range lies on the other side of zero",
  },
  {
    file: "codegen/src/ir/number-set.ts",
    find: "if (last === undefined || each.first > last.last + 1n) joined.push(each);",
    replace: "if (last === undefined || each.first > last.last + 2n) joined.push(each);",
    breaks: "a number between two ranges belongs to them",
  },
  {
    file: correlated,
    find: "return { block, branch, same: whenTrue,",
    replace: "return { block, branch, same: true,",
    breaks: "a question is asked the wrong way round",
  },
  {
    file: correlated,
    find: "return isEmpty && only !== undefined && second === undefined ? only : block;",
    replace: "return only !== undefined && second === undefined ? only : block;",
    breaks: "what an arm does is left out",
  },
  {
    file: correlated,
    find: "phi.replaceWith(constantOf(whenTrue) === 0n ? whenFalse : whenTrue);",
    replace: "phi.replaceWith(whenTrue);",
    breaks: "what is not null is null",
  },
  {
    file: "codegen/src/passes/known-numbers.ts",
    find: "branch.whenTrue === block ? asked : asked.opposite()",
    replace: "asked",
    breaks: "a number is what a branch asks, whatever the answer",
  },
  {
    file: "codegen/src/passes/value-ranges.ts",
    find: "numbers.and(asked.opposite()).intervals.length === 0 ? true",
    replace: "numbers.and(asked.opposite()).intervals.length <= 1 ? true",
    breaks: "what is mostly so is taken for always so",
  },
  {
    file: "codegen/src/passes/value-ranges.ts",
    find: "known.of(left).most <= constant ? left",
    replace: "known.of(left).least <= constant ? left",
    breaks: "masks that cut something off are dropped",
  },
  {
    file: "codegen/src/passes/demanded-bits.ts",
    find: "return upTo(bits);",
    replace: "return bits;",
    breaks: "nothing is carried from bit to bit",
  },
  {
    file: "codegen/src/passes/demanded-bits.ts",
    find: "return swapBytes(operation.bits, bits & ((1n << BigInt(operation.bits)) - 1n));",
    replace: "return bits;",
    breaks: "turned around, bytes are looked for where they were",
  },
  {
    file: "codegen/src/passes/drop-unseen-bits.ts",
    find: "!NARROW.has(operation.operator) || seen > LOW",
    replace: "!NARROW.has(operation.operator)",
    breaks: "of 64 bits that are needed 32 are computed",
  },
  {
    file: "codegen/src/passes/drop-unseen-bits.ts",
    find: "unmasked(masked, demandedOf(value, index, seen))",
    replace: "unmasked(masked, 0n)",
    breaks: "what is computed on is not cut off though it is seen",
  },
  {
    file: "codegen/src/passes/drop-unseen-bits.ts",
    find: "if (width === 0 || seen >> (BigInt(width) - (amount % BigInt(width))) !== 0n) return undefined;",
    replace: "if (width === 0) return undefined;",
    breaks: "copies of a sign that are seen are zeros",
  },
  {
    file: "codegen/src/passes/merge-loads.ts",
    find: "before.some((value) => mayOverwrite(value, load))",
    replace: "before.length > 1000",
    breaks: "what is written where ways meet is not loaded again",
  },
  {
    file: "codegen/src/passes/merge-loads.ts",
    find: "if (mayOverwrite(value, load)) return undefined;",
    replace: "",
    breaks: "what memory held before a write is taken for what it holds",
  },
  {
    file: "codegen/src/passes/reuse-arguments.ts",
    find: "same.find(({ stores }) => areBefore(stores, argument.stores))",
    replace: "same[0]",
    breaks: "what is put on the stack on one way is taken for what lies there on all",
  },
  {
    file: "codegen/src/passes/reuse-arguments.ts",
    find: "else others.add(address);",
    replace: "",
    breaks: "what is changed on the stack is taken for what it was",
  },
];
