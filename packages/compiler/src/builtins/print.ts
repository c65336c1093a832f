import { helperNumber } from "@weir/bytecode";
import type { Value } from "@weir/codegen";
import { textConstant } from "../constants/text-constant.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import { convertValue } from "../lowering/convert.ts";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import { lowered } from "../lowering/lowered.ts";
import type { Span } from "../source-file.ts";
import type { Expression } from "../tree/expression.ts";
import { isScalar } from "../types/kernel-type.ts";
import { i32, u64 } from "../types/scalar.ts";
import { globalNode } from "../typing/global-node.ts";
import { argument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { addressOf, sizeOf } from "./maps/in-memory.ts";
import { nth } from "./nth.ts";
import { type Handing, printFormat } from "./print-format.ts";
import { iteratorText } from "./write-record.ts";

/** More go to `bpf_trace_vprintk`, which takes them in memory. */
const MOST_ARGUMENTS = 3;
/** `MAX_BPRINTF_VARARGS` */
const MOST_VALUES = 12;
const WORD = 8;
const LINE_END = 0x0an;

/** How the values of a call are handed over: part of no type. */
const handingsOf = new WeakMap<Expression, readonly Handing[]>();

/** `print("%d packets", count)`: a line in the kernel's trace. */
export const print: Builtin = {
  name: "print",
  writesText: true,
  check(call, typing) {
    const syntax = argument(call, 0);
    const format = typing.constants.evaluate(syntax);
    if (format?.kind !== "string") throw new Mistake("WEIR1201", syntax.span);
    const values = call.arguments.slice(1).map((value) => typing.expression(value));
    if (values.length > MOST_VALUES) throw new Mistake("WEIR1714", call.span, MOST_VALUES);
    const { text, handings } = printFormat(format.value, values, syntax.span);
    const node = globalNode(textConstant(text, syntax.span, typing.constants.file), syntax.span);
    handingsOf.set(node, handings);
    return { type: i32, arguments: [node, ...values] };
  },
  lower(node, lowering) {
    const { builder } = lowering;
    const text = nth(node, 0);
    const handings = handingsOf.get(text) ?? [];
    const values = node.arguments.slice(1).map((value, index) => handed(value, handings[index] ?? "number", lowering));
    const format = [lowering.address(lowering.place(text)), builder.constant(64, BigInt(sizeOf(text.type)))];
    if (lowering.writesText) return lowered(builder.truncate(writeLine(format, values, node.span, lowering), 32));
    if (values.length <= MOST_ARGUMENTS) {
      const result = builder.callHelper(helperNumber("bpf_trace_printk"), [...format, ...values]);
      return lowered(builder.truncate(result, 32));
    }
    const result = builder.callHelper(helperNumber("bpf_trace_vprintk"), [...format, ...inMemory(values, lowering)]);
    return lowered(builder.truncate(result, 32));
  },
  interpret(node, interpreter) {
    for (const value of node.arguments.slice(1)) interpreter.evaluate(value);
    return 0n;
  },
};

/** A list on the stack, and its bytes; no address where there is nothing. */
function inMemory(values: readonly Value[], { builder }: FunctionLowering): readonly [list: Value, size: Value] {
  const none = builder.constant(64, 0n);
  if (values.length === 0) return [none, none];
  const list = builder.stackSlot(values.length * WORD, WORD);
  for (const [index, value] of values.entries()) builder.store(64, list, index * WORD, value);
  return [list, builder.constant(64, BigInt(values.length * WORD))];
}

/** Into the text of an iterator, where the end of a line has to be written, too. */
function writeLine(format: readonly Value[], values: readonly Value[], span: Span, lowering: FunctionLowering): Value {
  const { builder } = lowering;
  const text = iteratorText(span, lowering);
  const result = builder.callHelper(helperNumber("bpf_seq_printf"), [text, ...format, ...inMemory(values, lowering)]);
  const end = builder.stackSlot(1, 1);
  builder.store(8, end, 0, builder.constant(32, LINE_END));
  builder.callHelper(helperNumber("bpf_seq_write"), [text, end, builder.constant(64, 1n)]);
  return result;
}

function handed(node: Expression, handing: Handing, lowering: FunctionLowering): Value {
  if (handing === "address") return addressOf(node, lowering);
  const value = lowering.value(node);
  return isScalar(node.type)
    ? convertValue(value, node.type, u64, lowering)
    : lowering.builder.zeroExtend(value, 32, 64);
}
