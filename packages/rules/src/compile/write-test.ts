import type { Block, Value } from "@weir/codegen";
import type { BinaryOperator, Member, NumberValue, Predicate } from "@weir/pcap-filter/meaning";
import { enter } from "./found-rules.ts";
import type { FrameReader } from "./frame-reader.ts";

/** Where to go from a test. */
export interface Ways {
  readonly isTrue: Block;
  readonly isFalse: Block;
  /** What was to be read is not there. */
  readonly ended: Block;
}

/** What the function for chains gives where the frame ends before it is known; 0 is: the protocol is not there. */
const CHAIN_ENDED = 2n;

const COMPARISONS = { eq: "eq", gt: "ugt", ge: "uge", set: "set" } as const;

/** Writes a test as the expression has it, and ends the block. */
export function writeTest(predicate: Predicate, reader: FrameReader, ways: Ways): void {
  const { builder } = reader;
  switch (predicate.kind) {
    case "constant":
      builder.jump(predicate.value ? ways.isTrue : ways.isFalse);
      return;
    case "not":
      writeTest(predicate.operand, reader, { ...ways, isTrue: ways.isFalse, isFalse: ways.isTrue });
      return;
    case "and": {
      const right = builder.block();
      writeTest(predicate.left, reader, { ...ways, isTrue: right });
      enter(builder, right);
      writeTest(predicate.right, reader, ways);
      return;
    }
    case "compare": {
      const left = numberOf(predicate.left, reader, ways.ended);
      const right = numberOf(predicate.right, reader, ways.ended);
      builder.branch(COMPARISONS[predicate.comparison], 32, left, right, ways.isTrue, ways.isFalse);
      return;
    }
    case "member": {
      const found = builder.truncate(callSet(predicate, reader, ways.ended), 32);
      builder.branch("ne", 32, found, builder.constant(32, 0n), ways.isTrue, ways.isFalse);
      return;
    }
    case "chain": {
      const answer = builder.truncate(reader.chain(predicate), 32);
      const known = builder.block();
      builder.branch("eq", 32, answer, builder.constant(32, CHAIN_ENDED), ways.ended, known);
      enter(builder, known);
      builder.branch("ne", 32, answer, builder.constant(32, 0n), ways.isTrue, ways.isFalse);
    }
  }
}

/** The name of the function that tells whether something is in a set. */
export function setFunction({ set, of }: Pick<Member, "set" | "of">): string {
  return `in_${of}_${set}`;
}

function callSet(member: Member, reader: FrameReader, ended: Block): Value {
  const { builder } = reader;
  const words = member.words.map((word) => builder.zeroExtend(reader.read(word, undefined, ended), 32, 64));
  const both = (high: Value | undefined, low: Value | undefined): readonly Value[] =>
    high === undefined || low === undefined
      ? []
      : [builder.binary("or", 64, builder.binary("shl", 64, high, builder.constant(64, 32n)), low)];
  const [first, second, third, fourth] = words;
  const args =
    member.of === "ipv6"
      ? [...both(first, second), ...both(third, fourth)]
      : member.of === "mac"
        ? both(first, second)
        : words;
  return builder.callFunction(setFunction(member), args);
}

function numberOf(value: NumberValue, reader: FrameReader, ended: Block): Value {
  const { builder } = reader;
  switch (value.kind) {
    case "number":
      return builder.constant(32, BigInt(value.value));
    case "length":
      return reader.length;
    case "read":
      return reader.read(value, value.index && numberOf(value.index, reader, ended), ended);
    case "binary": {
      const left = numberOf(value.left, reader, ended);
      const right = numberOf(value.right, reader, ended);
      return calculate(value.operator, left, right, reader, ended);
    }
  }
}

function calculate(operator: BinaryOperator, left: Value, right: Value, { builder }: FrameReader, ended: Block): Value {
  switch (operator) {
    case "div":
    case "mod": {
      const inside = builder.block();
      builder.branch("eq", 32, right, builder.constant(32, 0n), ended, inside);
      enter(builder, inside);
      return builder.binary(operator, 32, left, right);
    }
    case "shl":
    case "shr": {
      // What is shifted by more than 31 is zero; in 64 bits what is shifted out is, and a larger distance is cut off.
      const largest = builder.constant(64, 32n);
      const distance = smaller(builder.zeroExtend(right, 32, 64), largest);
      const shifted = builder.binary(operator, 64, builder.zeroExtend(left, 32, 64), distance);
      return builder.truncate(shifted, 32);
    }
    default:
      return builder.binary(operator, 32, left, right);
  }

  function smaller(one: Value, other: Value): Value {
    const variable = builder.variable(64);
    const [isOne, isOther, after] = [builder.block(), builder.block(), builder.block()];
    builder.branch("ult", 64, one, other, isOne, isOther);
    for (const [block, value] of [
      [isOne, one],
      [isOther, other],
    ] as const) {
      enter(builder, block);
      builder.write(variable, value);
      builder.jump(after);
    }
    enter(builder, after);
    return builder.read(variable);
  }
}
