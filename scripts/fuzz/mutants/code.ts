import type { Mutant } from "./mutant.ts";

const select = "codegen/src/code/select.ts";
const rewriter = "codegen/src/allocate/spill-rewriter.ts";
const assemble = "codegen/src/emit/assemble.ts";

export const code: readonly Mutant[] = [
  {
    file: select,
    find: "const right = { immediate: width - from };",
    replace: "const right = { immediate: 32 - from };",
    breaks: "64 bits are extended like 32",
  },
  {
    file: select,
    find: "if (this.#free.has(value)) this.#registers",
    replace: "if (value.width === 32) this.#registers",
    breaks: "nothing is cut off",
  },
  {
    file: select,
    find: 'const byZero = constant === 0n && (operator === "div" || operator === "mod");',
    replace: 'const byZero = constant === 0n && operator === "div";',
    breaks: "a remainder by 0 becomes an immediate",
  },
  {
    file: select,
    find: "return { base: FRAME, offset: this.#slotOffset(operation.slot) + offset };",
    replace: "return { base: FRAME, offset: this.#slotOffset(operation.slot) };",
    breaks: "all of a record on the stack lies at its beginning",
  },
  {
    file: select,
    find: "for (const move of inSequence(moves, () => this.#newRegister())) this.#emit(move);",
    replace:
      'for (const { to: target, from: source } of moves) this.#emit({ kind: "move", to: target, from: source });',
    breaks: "phis that change places overwrite each other",
  },
  {
    file: "codegen/src/code/upper-half.ts",
    find: "if (!ignoresUpperHalf(value)) for",
    replace: "if (ignoresUpperHalf(value)) for",
    breaks: "zero-extension finds rubbish in the upper half",
  },
  {
    file: "codegen/src/code/commute.ts",
    find: "if (!COMMUTATIVE.has(instruction.operator) || ",
    replace: 'if ((!COMMUTATIVE.has(instruction.operator) && instruction.operator !== "sub") || ',
    breaks: "a - b becomes b - a",
  },
  {
    file: "codegen/src/code/commute.ts",
    find: "{ ...instruction, right: { register: left } },",
    replace: "{ ...instruction, right: { register: right } },",
    breaks: "one operand is lost when they change places",
  },
  {
    file: "codegen/src/code/empty-blocks.ts",
    find: "target.code.length === 0 && ",
    replace: "",
    breaks: "what jumps to a return leaves out what is done before it",
  },
  {
    file: "codegen/src/code/hoist-moves.ts",
    find: "read.includes(register) || ",
    replace: "",
    breaks: "a branch looks at what one of its arms would set",
  },
  {
    file: "codegen/src/code/hoist-moves.ts",
    find: " || !overwrites(other.code, register)",
    replace: "",
    breaks: "what one arm sets is set on the other way, too",
  },
  {
    file: "codegen/src/code/hoist-moves.ts",
    find: "if (usesOf(instruction).includes(register)) return false;",
    replace: "",
    breaks: "an arm computes with what the other one would have set",
  },
  {
    file: "codegen/src/code/hoist-moves.ts",
    find: "block.end = { ...end, whenFalse: onFalse.target };",
    replace: "block.end = { ...end, whenTrue: onFalse.target };",
    breaks: "the arm that is left runs where the other one should",
  },
  {
    file: "codegen/src/code/rotate-loops.ts",
    find: "code: [...header.code],",
    replace: "code: [],",
    breaks: "a loop is entered without what its question needs",
  },
  {
    file: "codegen/src/code/rotate-loops.ts",
    find: "(target) => (target === header ? test : target)",
    replace: "() => test",
    breaks: "a question whether to run a loop at all is not heard",
  },
  {
    file: "codegen/src/code/share-constants.ts",
    find: "places.every((other) => dominators.dominates(block, other.block))",
    replace: "places.some((other) => dominators.dominates(block, other.block))",
    breaks: "a constant is read where it was not made",
  },
  {
    file: "codegen/src/code/stack-layout.ts",
    find: "return [...a].some(inBlock);",
    replace: "return [...a].some(inBlock) && a.size > 2;",
    breaks: "stack slots that live at once share memory",
  },
  {
    file: "codegen/src/code/registers-of.ts",
    find: 'return "register" in code.right ? [code.to, code.right.register] : [code.to];',
    replace: "return [code.to];",
    breaks: "the right operand is not needed",
  },
  {
    file: "codegen/src/allocate/interference.ts",
    find: "if (other !== copied) graph.connect(definition, other);",
    replace: "if (other !== copied && other % 7 !== 0) graph.connect(definition, other);",
    breaks: "some values that live at once share a register",
  },
  {
    file: "codegen/src/allocate/coloring.ts",
    find: "if (a === b || this.#graph.interfere(a, b)) {",
    replace: "if (a === b) {",
    breaks: "values that live at once are joined",
  },
  {
    file: "codegen/src/allocate/loop-splitting.ts",
    find: "for (const [register, name] of inside) entry.code.push({ ...atEndOf(entry), to: name, from: register });",
    replace: "",
    breaks: "what lives through a loop is lost in it",
  },
  {
    file: rewriter,
    find: "this.#held.set(register, { name, changed: true });",
    replace: "this.#held.set(register, { name, changed: false });",
    breaks: "what is spilled is never written to memory",
  },
  {
    file: rewriter,
    find: "if (held === undefined || !held.changed || !needed.has(register)) return;",
    replace: "if (held === undefined || !held.changed || needed.has(register)) return;",
    breaks: "only what nobody needs is written to memory",
  },
  {
    file: "codegen/src/allocate/spill-memory.ts",
    find: "!group.some((register) => graph.interfere(register, other))",
    replace: "!group.some((register) => register === other)",
    breaks: "spilled registers that live at once share memory",
  },
  {
    file: "codegen/src/allocate/repeatable.ts",
    find: "!REPEATABLE.has(instruction.kind) || made.has(register)",
    replace: "!REPEATABLE.has(instruction.kind)",
    breaks: "of two constants that a register is given the last one is made again",
  },
  {
    file: "codegen/src/emit/arms.ts",
    find: "? { comparison: inverted, target: whenFalse, other: whenTrue }",
    replace: "? { comparison, target: whenFalse, other: whenTrue }",
    breaks: "arms change places without their condition",
  },
  {
    file: "codegen/src/emit/block-order.ts",
    find: "return [...placed];",
    replace: "return [...placed].toReversed();",
    breaks: "the last block comes first",
  },
  {
    file: assemble,
    find: 'return [alu("mov", 32, code.to, { register: code.from })];',
    replace: 'return [alu("mov", 64, code.to, { register: code.from })];',
    breaks: "the upper half is kept",
  },
  {
    file: assemble,
    find: 'if (value <= 0xffff_ffffn) return [alu("mov", 32, to, Number(BigInt.asIntN(32, value)))];',
    replace: 'if (value <= 0xffff_ffffn) return [alu("mov", 64, to, Number(BigInt.asIntN(32, value)))];',
    breaks: "constants of 32 bits get a sign",
  },
  {
    file: assemble,
    find: "this.#instructions[slot] = make(distance);",
    replace: "this.#instructions[slot] = make(distance === 2 ? 1 : distance);",
    breaks: "short jumps go too near",
  },
];
