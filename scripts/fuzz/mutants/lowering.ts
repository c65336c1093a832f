import type { Mutant } from "./mutant.ts";

const memory = "compiler/src/lowering/memory.ts";
const condition = "compiler/src/lowering/condition.ts";
const convert = "compiler/src/lowering/convert.ts";
const statement = "compiler/src/lowering/statement.ts";

export const lowering: readonly Mutant[] = [
  {
    file: "compiler/src/lowering/operator.ts",
    find: 'operator === ">>" && signed ? "sar"',
    replace: 'operator === ">>" && signed ? "shr"',
    breaks: "negative numbers are shifted without their sign",
  },
  {
    file: convert,
    find: "return from.signed ? builder.signExtend(value, 32, 64) : builder.zeroExtend(value, 32, 64);",
    replace: "return builder.zeroExtend(value, 32, 64);",
    breaks: "negative numbers are widened without their sign",
  },
  {
    file: convert,
    find: "from.bits < to.bits ? to.signed || !from.signed",
    replace: "from.bits < to.bits ? true",
    breaks: "an i8 becomes a u16 with its sign",
  },
  {
    file: convert,
    find: "from.bits === to.bits && from.signed === to.signed",
    replace: "from.bits === to.bits",
    breaks: "a u8 becomes an i8 without a sign",
  },
  {
    file: memory,
    find: "return type.signed && type.bits < 32 ? builder.signExtend(value, narrow(type), 32) : value;",
    replace: "return value;",
    breaks: "narrow numbers are loaded without their sign",
  },
  {
    file: "compiler/src/lowering/place.ts",
    find: "{ ...place, offset: place.offset + offset };",
    replace: "{ ...place, offset };",
    breaks: "a part of a part of a record lies where it would lie in the record",
  },
  {
    file: memory,
    find: "clear(builder, address, field.offset + width / 8, next);",
    replace: "",
    breaks: "what lies between the fields of a key is not 0",
  },
  {
    file: memory,
    find: "yield { at, shift: BigInt(done), bits };",
    replace: "yield { at, shift: BigInt(type.bits - bits - done), bits };",
    breaks: "the pieces of a number change places",
  },
  {
    file: condition,
    find: 'if (node.operator === "&&") lowering.condition(node.left, second, whenFalse);',
    replace: 'if (node.operator === "||") lowering.condition(node.left, second, whenFalse);',
    breaks: "&& and || change places",
  },
  {
    file: condition,
    find: "lowering.condition(node.operand, whenFalse, whenTrue);",
    replace: "lowering.condition(node.operand, whenTrue, whenFalse);",
    breaks: "! does nothing",
  },
  {
    file: condition,
    find: "(isScalar(type) && type.signed ? signed : unsigned)",
    replace: "(isScalar(type) && type.signed ? unsigned : unsigned)",
    breaks: "negative numbers are compared as large ones",
  },
  {
    file: condition,
    find: "const width = isScalar(type) ? registerWidth(type) : 32;",
    replace: "const width = 32;",
    breaks: "64 bits are compared as 32",
  },
  {
    file: statement,
    find: "lowering.jumps.set(node.target, after, next);",
    replace: "lowering.jumps.set(node.target, after, after);",
    breaks: "continue ends the loop",
  },
  {
    file: statement,
    find: "builder.jump(blocks[index + 1] ?? after);",
    replace: "builder.jump(after);",
    breaks: "clauses do not fall through",
  },
  { file: statement, find: "otherwise = block;", replace: "otherwise = after;", breaks: "there is no default" },
  {
    file: "compiler/src/lowering/assignment.ts",
    find: 'return node.gives === "before" ? before : after;',
    replace: "return after;",
    breaks: "x++ gives the value after",
  },
  {
    file: "compiler/src/lowering/assignment.ts",
    find: "const after = convertValue(computed, operation, type, lowering);",
    replace: "const after = computed;",
    breaks: "a u8 that is added to does not wrap",
  },
  {
    file: "compiler/src/lowering/part.ts",
    find: "builder.constant(64, BigInt(node.stride))",
    replace: "builder.constant(64, 1n)",
    breaks: "elements lie a byte behind each other",
  },
  {
    file: "compiler/src/lowering/record.ts",
    find: "collectPart(value, at + offset, values, lowering)",
    replace: "collectPart(value, offset, values, lowering)",
    breaks: "records in records lie at the beginning",
  },
  {
    file: "compiler/src/builtins/byte-order.ts",
    find: "to.bits === 8 ? 16 : to.bits",
    replace: "to.bits === 16 ? 32 : to.bits",
    breaks: "16 bits are swapped as 32",
  },
  {
    file: "compiler/src/builtins/maps/keyed-map.ts",
    find: "[key(), cpu]",
    replace: "[key(), lowering.builder.constant(64, 0n)]",
    breaks: "the value of another CPU is that of the first one",
  },
  {
    file: "compiler/src/builtins/packet-at.ts",
    find: "builder.write(variable, builder.constant(64, 0n));",
    replace: "builder.write(variable, address);",
    breaks: "what is not in the packet is not null",
  },
  {
    file: "compiler/src/lowering/copy.ts",
    find: "  for (const { at, width, value } of pieces) builder.store(width, to.address, to.offset + at, value);",
    replace:
      "  for (const { at, width, value } of pieces.slice(1)) builder.store(width, to.address, to.offset + at, value);",
    breaks: "the first bytes of a record are not copied",
  },
  {
    file: "compiler/src/lowering/copy.ts",
    find: "if (last?.end === offset)",
    replace: "if (last !== undefined)",
    breaks: "what lies between the fields of a record is copied",
  },
  {
    file: "compiler/src/lowering/shared-variables.ts",
    find: 'else if (shared.kind === "changed") builder.write(shared.variable, this.#read(shared, memory, builder));',
    replace: "",
    breaks: "what a callback changes is as before after it",
  },
  {
    file: "compiler/src/lowering/callback.ts",
    find: "() => shared && variables.giveBack(shared, inner)",
    replace: "() => {}",
    breaks: "a callback changes nothing around",
  },
];
