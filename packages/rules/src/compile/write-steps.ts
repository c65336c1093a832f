import type { Block, Value } from "@weir/codegen";
import type { WantedRange } from "./alternative.ts";
import { AROUND } from "./around.ts";
import { asLoaded } from "./byte-order.ts";
import type { Candidate, Leaf, Step } from "./decision.ts";
import type { Field } from "./field.ts";
import { enter } from "./found-rules.ts";
import type { FrameReader } from "./frame-reader.ts";
import { allOf, complement, type Range } from "./ranges.ts";
import { writeTest } from "./write-test.ts";

/** Writes the steps of a plan, one after the other. */
export function writeSteps(steps: readonly Step[], reader: FrameReader): void {
  for (const step of steps) {
    if (step.kind === "try") writeAttempts(step.candidates, reader);
    else writeSearch(step, reader);
  }
}

function writeAttempts(candidates: readonly Candidate[], reader: FrameReader): void {
  const { builder } = reader;
  const end = builder.block();
  for (const { alternative, rule, decides, position } of candidates) {
    const next = builder.block();
    builder.position = position ?? AROUND;
    for (const range of alternative.fields.values()) {
      const inside = builder.block();
      writeRange(range, reader, inside, next);
      enter(builder, inside);
    }
    for (const { predicate, isTrue } of alternative.tests.values()) {
      const inside = builder.block();
      writeTest(predicate, reader, {
        isTrue: isTrue ? inside : next,
        isFalse: isTrue ? next : inside,
        ended: next,
      });
      enter(builder, inside);
    }
    if (decides) reader.found.decide(rule);
    else reader.found.mark(rule);
    builder.jump(decides ? end : next);
    enter(builder, next);
  }
  builder.position = AROUND;
  builder.jump(end);
  enter(builder, end);
}

/** Whether a field has one of some values. */
function writeRange(wanted: WantedRange, reader: FrameReader, inside: Block, outside: Block): void {
  const { builder } = reader;
  const { field, ranges } = wanted;
  const [all] = allOf(field.bits);
  const [only, second] = ranges;
  const [gap, ...others] = all === undefined ? [] : complement(ranges, all);
  const value = wanted.isSure ? undefined : reader.unsure(field, outside);
  if (only === undefined) builder.jump(outside);
  else if (second === undefined) writeOne(field, value, only, reader, inside, outside);
  else if (gap !== undefined && others.length === 0) writeOne(field, value, gap, reader, outside, inside);
  else {
    for (const range of ranges) {
      const next = builder.block();
      writeOne(field, value, range, reader, inside, next);
      enter(builder, next);
    }
    builder.jump(outside);
  }
}

/** @param known the field's value, where it has been read */
function writeOne(
  field: Field,
  known: Value | undefined,
  range: Range,
  reader: FrameReader,
  inside: Block,
  outside: Block,
): void {
  const { builder } = reader;
  const { first, last } = range;
  const size = last - first;
  const isNet = (size & (size + 1)) === 0 && (first & size) === 0;
  if (isNet && known === undefined && field.place !== undefined) {
    // What lies the other way round is compared as it lies.
    const { bytes } = field.place;
    const mask = asLoaded((2 ** field.bits - 1 - size) >>> 0, bytes);
    const masked = builder.binary("and", 32, reader.raw(field), constant(reader, mask));
    builder.branch("eq", 32, masked, constant(reader, asLoaded(first, bytes)), inside, outside);
    return;
  }
  const bounds = { first: 0, last: 2 ** field.bits - 1 };
  writeInside(known ?? reader.number(field), range, bounds, reader, inside, outside);
}

/** Whether a number, which lies within bounds, is in a range: it is compared with what of the range is not beyond these. */
function writeInside(
  value: Value,
  { first, last }: Range,
  bounds: Range,
  reader: FrameReader,
  inside: Block,
  outside: Block,
): void {
  const { builder } = reader;
  const [isLeast, isMost] = [bounds.first >= first, bounds.last <= last];
  if (isLeast && isMost) builder.jump(inside);
  else if (first === last) builder.branch("eq", 32, value, constant(reader, first), inside, outside);
  else if (isLeast) builder.branch("ule", 32, value, constant(reader, last), inside, outside);
  else if (isMost) builder.branch("uge", 32, value, constant(reader, first), inside, outside);
  else {
    const distance = builder.binary("sub", 32, value, constant(reader, first));
    builder.branch("ule", 32, distance, constant(reader, last - first), inside, outside);
  }
}

function writeSearch({ field, isSure, leaves }: Extract<Step, { readonly kind: "search" }>, reader: FrameReader): void {
  const { builder } = reader;
  const after = builder.block();
  const blocks = new Map<readonly Step[], Block>();
  const blockOf = ({ steps }: Leaf): Block => {
    const block = blocks.get(steps) ?? builder.block();
    blocks.set(steps, block);
    return block;
  };
  const value = isSure ? reader.number(field) : reader.unsure(field, after);
  writeHalves(field, leaves, value, reader, blockOf, after);
  for (const [steps, block] of blocks) {
    enter(builder, block);
    writeSteps(steps, reader);
    builder.jump(after);
  }
  enter(builder, after);
}

/** Halves what is left until one leaf is. */
function writeHalves(
  field: Field,
  leaves: readonly Leaf[],
  value: Value,
  reader: FrameReader,
  blockOf: (leaf: Leaf) => Block,
  outside: Block,
): void {
  const { builder } = reader;
  const search = (from: number, to: number, least: number, most: number): void => {
    const leaf = leaves[from];
    if (leaf === undefined) throw new Error("a search has leaves");
    if (to - from === 1) {
      writeInside(value, leaf, { first: least, last: most }, reader, blockOf(leaf), outside);
      return;
    }
    const middle = (from + to) >> 1;
    const cut = leaves[middle]?.first ?? 0;
    const [upper, lower] = [builder.block(), builder.block()];
    builder.branch("uge", 32, value, constant(reader, cut), upper, lower);
    for (const block of [upper, lower]) builder.seal(block);
    builder.enter(lower);
    search(from, middle, least, cut - 1);
    builder.enter(upper);
    search(middle, to, cut, most);
  };
  search(0, leaves.length, 0, 2 ** field.bits - 1);
}

const constant = ({ builder }: FrameReader, value: number): Value => builder.constant(32, BigInt(value));
