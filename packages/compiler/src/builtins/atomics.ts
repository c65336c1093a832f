import type { FunctionBuilder, Value } from "@weir/codegen";
import { Mistake } from "../diagnostics/mistake.ts";
import { partReference } from "../interpreter/expression.ts";
import type { Interpreter } from "../interpreter/interpreter.ts";
import { readScalar, writeScalar } from "../interpreter/memory.ts";
import type { Reference } from "../interpreter/runtime-value.ts";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import { lowered } from "../lowering/lowered.ts";
import { isAligned } from "../lowering/memory.ts";
import { partPlace } from "../lowering/part.ts";
import { isOnStack } from "../lowering/place.ts";
import type { ElementNode, MemberNode } from "../tree/access.ts";
import type { BuiltinNode } from "../tree/call.ts";
import type { ScalarType } from "../types/kernel-type.ts";
import { wrap } from "../types/scalar.ts";
import type { Typing } from "../typing/typing.ts";
import { argument } from "./arguments.ts";
import type { Builtin, BuiltinCall } from "./builtin.ts";
import { partArgument, partOf } from "./field-argument.ts";
import { nth } from "./nth.ts";

type Operator = "add" | "and" | "or" | "xor" | "exchange";

/** `atomicAdd(record, "field", amount)`, `atomicAdd(array, index, amount)` and their like: changes a field or an element at once for all CPUs, gives what was there before. */
function changing(
  name: string,
  operator: Exclude<Operator, "exchange">,
  compute: (before: bigint, operand: bigint) => bigint,
): Builtin {
  return {
    name,
    inMemory: 0,
    atomic: true,
    check: checkChange,
    lower(node, lowering) {
      return lowered(fetch(operator, change(node, lowering), lowering.builder));
    },
    // Without the value before it is cheaper.
    lowerEffect(node, lowering) {
      const place = change(node, lowering);
      const { address, offset, bits, operand } = place;
      if (place.isOnStack) changeOnStack(operator, place, lowering.builder);
      else lowering.builder.atomic(operator, bits, address, offset, operand);
    },
    interpret(node, interpreter) {
      const { reference, type } = partIn(node, interpreter);
      // What the operand calls may change the field.
      const operand = interpreter.integer(nth(node, 1));
      const before = readScalar(reference, type);
      writeScalar(reference, type, wrap(type, compute(before, operand)));
      return before;
    },
  };
}

const exchange: Builtin = {
  name: "atomicExchange",
  inMemory: 0,
  atomic: true,
  check: checkChange,
  lower(node, lowering) {
    return lowered(fetch("exchange", change(node, lowering), lowering.builder));
  },
  interpret(node, interpreter) {
    const { reference, type } = partIn(node, interpreter);
    const value = interpreter.integer(nth(node, 1));
    const before = readScalar(reference, type);
    writeScalar(reference, type, value);
    return before;
  },
};

/** `atomicCompareExchange(record, "field", expected, value)`: gives what was there before. */
const compareExchange: Builtin = {
  name: "atomicCompareExchange",
  inMemory: 0,
  atomic: true,
  check(call, typing) {
    const place = widePart(call, typing);
    const values = [2, 3].map((index) => typing.value(argument(call, index), place.type));
    return { type: place.type, arguments: [place, ...values] };
  },
  lower(node, lowering) {
    const { address, offset, bits, operand: expected, isOnStack: isAlone } = change(node, lowering);
    const value = lowering.value(nth(node, 2));
    const { builder } = lowering;
    if (!isAlone) {
      return lowered(builder.atomicCompareExchange(bits, address, offset, expected, value));
    }
    const before = builder.load(bits, address, offset);
    const [same, after] = [builder.block(), builder.block()];
    builder.branch("eq", bits, before, expected, same, after);
    lowering.continueAt(same);
    builder.store(bits, address, offset, value);
    builder.jump(after);
    lowering.continueAt(after);
    return lowered(before);
  },
  interpret(node, interpreter) {
    const { reference, type } = partIn(node, interpreter);
    const [expected, value] = [interpreter.integer(nth(node, 1)), interpreter.integer(nth(node, 2))];
    const before = readScalar(reference, type);
    if (before === expected) writeScalar(reference, type, value);
    return before;
  },
};

/** Where the field or element is: that is evaluated once, before the operands. */
function partIn(
  node: BuiltinNode,
  interpreter: Interpreter,
): { readonly reference: Reference; readonly type: ScalarType } {
  const [place, type] = partOf(node, 0);
  return { reference: partReference(place, interpreter), type };
}

export const atomicBuiltins: readonly Builtin[] = [
  changing("atomicAdd", "add", (before, operand) => before + operand),
  changing("atomicAnd", "and", (before, operand) => before & operand),
  changing("atomicOr", "or", (before, operand) => before | operand),
  changing("atomicXor", "xor", (before, operand) => before ^ operand),
  exchange,
  compareExchange,
];

function checkChange(call: BuiltinCall, typing: Typing): ReturnType<Builtin["check"]> {
  const place = widePart(call, typing);
  return { type: place.type, arguments: [place, typing.value(argument(call, 2), place.type)] };
}

/** eBPF has atomic instructions for 32 and 64 bits only. */
function widePart(call: BuiltinCall, typing: Typing): MemberNode | ElementNode {
  const place = partArgument(call, 0, typing);
  if (place.type.kind !== "integer" || place.type.bits < 32) throw new Mistake("WEIR1306", argument(call, 1).span);
  return place;
}

interface Change {
  readonly isOnStack: boolean;
  readonly address: Value;
  readonly offset: number;
  readonly bits: 32 | 64;
  readonly operand: Value;
}

function change(node: BuiltinNode, lowering: FunctionLowering): Change {
  const [part, type] = partOf(node, 0);
  const place = partPlace(part, lowering);
  if (place.kind === "fields") throw new Error("a record in variables has no address");
  const { address, offset } = place;
  // Maps' values and global variables begin at multiples of 8.
  if (!isAligned({ ...place, alignment: place.alignment ?? 8 }, offset, type)) {
    throw new Mistake("WEIR1320", node.span, part.kind === "member" ? part.name : "[]");
  }
  const operand = lowering.value(nth(node, 1));
  return { isOnStack: isOnStack(place), address, offset, bits: type.bits === 64 ? 64 : 32, operand };
}

/** Changes a part and gives what was there before. */
function fetch(operator: Operator, place: Change, builder: FunctionBuilder): Value {
  const { address, offset, bits, operand } = place;
  if (place.isOnStack) return changeOnStack(operator, place, builder);
  return builder.atomicFetch(operator, bits, address, offset, operand);
}

/**
 * Nothing else sees the stack, so that plain instructions do there. Of atomic ones the verifier of Linux 6.18 believes that what they fetch from there
 * is what it was on another way, and takes out code that runs.
 */
function changeOnStack(operator: Operator, place: Change, builder: FunctionBuilder): Value {
  const { address, offset, bits, operand } = place;
  const before = builder.load(bits, address, offset);
  const after = operator === "exchange" ? operand : builder.binary(operator, bits, before, operand);
  builder.store(bits, address, offset, after);
  return before;
}
