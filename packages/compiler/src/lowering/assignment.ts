import type { Value } from "@weir/codegen";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Place } from "../tree/access.ts";
import type { AssignNode, UpdateNode } from "../tree/assignment.ts";
import { isScalar, type ScalarType } from "../types/kernel-type.ts";
import { u8 } from "../types/scalar.ts";
import { convertValue } from "./convert.ts";
import { copyScalars } from "./copy.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { isInPacket } from "./in-packet.ts";
import { type Lowered, lowered, nothing } from "./lowered.ts";
import { loadScalar, storeScalar } from "./memory.ts";
import { lowerOperation } from "./operator.ts";
import { partPlace } from "./part.ts";
import { lowerRecordInto } from "./record.ts";

/** The place first, then the value, as JavaScript has it. */
export function lowerAssign(node: AssignNode, lowering: FunctionLowering): Lowered {
  const { target, value: given } = node;
  if (target.kind !== "local" && (target.type.kind === "record" || target.type.kind === "array")) {
    const to = partPlace(target, lowering);
    if (given.kind === "record" || given.kind === "list") lowerRecordInto(given, to, lowering);
    else copyScalars(lowering.builder, target.type.layout, lowering.place(given), to);
    return nothing;
  }
  const write = writer(node.target, lowering).write;
  const result = lowering.expression(node.value);
  if (result.kind === "place" && result.place.kind === "fields") throw new Mistake("WEIR1304", node.span);
  if (result.kind === "nothing") throw new Error("nothing cannot be assigned");
  const value = result.kind === "value" ? result.value : lowering.address(result.place);
  write(value);
  noteRecord(node, lowering);
  return lowered(value);
}

/** A variable that is given a record in the packet here may hold one everywhere. */
function noteRecord({ target, value }: AssignNode, lowering: FunctionLowering): void {
  if (target.kind !== "local" || value.type.kind !== "record" || !isInPacket(value, lowering)) return;
  const binding = lowering.binding(target.local);
  if (binding.kind === "variable") lowering.packetVariables.add(binding.variable);
}

export function lowerUpdate(node: UpdateNode, lowering: FunctionLowering): Value {
  const { type, operation } = node;
  const { read, write } = writer(node.target, lowering);
  const before = read();
  const right = lowering.value(node.value);
  const left = convertValue(before, type, operation, lowering);
  const computed = lowerOperation(node.operator, operation, left, right, lowering);
  const after = convertValue(computed, operation, type, lowering);
  write(after);
  return node.gives === "before" ? before : after;
}

interface Writer {
  readonly read: () => Value;
  readonly write: (value: Value) => void;
}

/** How to read and write what is assigned to; its address is computed once. */
function writer(target: Place, lowering: FunctionLowering): Writer {
  const { builder } = lowering;
  if (target.kind === "local") {
    const binding = lowering.binding(target.local);
    if (binding.kind === "place") throw new Mistake("WEIR1303", target.span);
    return { read: () => builder.read(binding.variable), write: (value) => builder.write(binding.variable, value) };
  }
  const type = scalarTypeOf(target);
  const place = partPlace(target, lowering);
  return {
    read: () => loadScalar(builder, place, 0, type),
    write: (value) => storeScalar(builder, place, 0, type, value),
  };
}

function scalarTypeOf({ type }: Place): ScalarType {
  if (type.kind === "boolean") return u8;
  if (isScalar(type)) return type;
  throw new Error("only scalars are assigned to in records");
}
