import type { ArithmeticOperator } from "../syntax/operators.ts";
import type { MemoryNode } from "../tree/access.ts";
import type { UpdateNode } from "../tree/assignment.ts";
import type { Expression } from "../tree/expression.ts";
import type { BinaryNode } from "../tree/operation.ts";
import type { ListNode, RecordNode } from "../tree/record.ts";
import { compareIntegers, computeInteger } from "../types/arithmetic.ts";
import { isScalar, type KernelType, type ScalarType } from "../types/kernel-type.ts";
import { u8, wrap } from "../types/scalar.ts";
import type { Interpreter } from "./interpreter.ts";
import { KernelOnlyError } from "./kernel-only-error.ts";
import { copyScalars, readScalar, writeScalar } from "./memory.ts";
import type { Reference, RuntimeValue } from "./runtime-value.ts";

export function interpretExpression(node: Expression, interpreter: Interpreter): RuntimeValue {
  switch (node.kind) {
    case "literal":
      return node.value;
    case "null":
      return null;
    case "config":
      return node.config.fixed ?? interpreter.config(node.config.name, node.config.initial);
    case "local":
      return interpreter.read(node.local);
    case "member":
    case "element":
    case "global":
      return readPart(partReference(node, interpreter), node.type);
    case "kernel-field":
      throw new KernelOnlyError("a structure of the kernel");
    case "optional": {
      const record = interpreter.evaluate(node.record);
      if (record !== null) interpreter.write(node.found, record);
      return interpreter.evaluate(record === null ? node.otherwise : node.whenFound);
    }
    case "convert":
      return wrap(node.type, BigInt.asUintN(64, interpreter.integer(node.operand)));
    case "binary":
      return binary(node, interpreter);
    case "compare":
      return bit(compareIntegers(node.operator, interpreter.integer(node.left), interpreter.integer(node.right)));
    case "null-test":
      return bit((interpreter.evaluate(node.operand) === null) === node.whenNull);
    case "logical": {
      const left = interpreter.condition(node.left);
      return left === (node.operator === "||") ? bit(left) : bit(interpreter.condition(node.right));
    }
    case "not":
      return bit(!interpreter.condition(node.operand));
    case "conditional":
      return interpreter.evaluate(interpreter.condition(node.condition) ? node.whenTrue : node.whenFalse);
    case "assign":
      return assign(node, interpreter);
    case "update":
      return update(node, interpreter);
    case "call":
      return interpreter.call(
        node.function,
        node.arguments.map((argument) => interpreter.evaluate(argument)),
      );
    case "builtin":
      return node.builtin.interpret(node, interpreter);
    case "record":
    case "list": {
      const memory = new Uint8Array(node.type.layout.size);
      fill(node, { memory, offset: 0 }, interpreter);
      return { memory, offset: 0 };
    }
  }
}

const bit = (value: boolean): bigint => (value ? 1n : 0n);

/** A boolean is a byte that is not 0. */
export function readPart(reference: Reference, type: KernelType): RuntimeValue {
  if (type.kind === "boolean") return bit(readScalar(reference, u8) !== 0n);
  return isScalar(type) ? readScalar(reference, type) : reference;
}

export function writePart(reference: Reference, type: KernelType, value: bigint): void {
  if (isScalar(type)) writeScalar(reference, type, value);
  else if (type.kind === "boolean") writeScalar(reference, u8, value);
}

export function partReference(node: MemoryNode, interpreter: Interpreter): Reference {
  if (node.kind === "global") return interpreter.global(node.global);
  if (node.kind === "member") {
    const { memory, offset } = interpreter.reference(node.record);
    return { memory, offset: offset + node.offset };
  }
  const { memory, offset } = interpreter.reference(node.array);
  const index = interpreter.integer(node.index);
  if (index >= BigInt(node.length)) throw new RangeError(`index ${index} of an array of ${node.length}`);
  return { memory, offset: offset + Number(index) * node.stride };
}

function binary(node: BinaryNode, interpreter: Interpreter): bigint {
  return compute(node.operator, node.type, interpreter.integer(node.left), interpreter.integer(node.right));
}

/** As eBPF has it: wraps; division by 0 gives 0 and its remainder the dividend; shifts go by the low bits of the amount. */
export function compute(operator: ArithmeticOperator, type: ScalarType, left: bigint, right: bigint): bigint {
  if (operator === "/" && right === 0n) return 0n;
  if (operator === "%" && right === 0n) return left;
  const shift = operator === "<<" || operator === ">>" || operator === ">>>";
  const amount = shift ? BigInt.asUintN(64, right) % BigInt(type.bits) : right;
  return wrap(type, computeInteger(operator, left, amount));
}

function assign(node: Expression & { kind: "assign" }, interpreter: Interpreter): RuntimeValue {
  const { target } = node;
  if (target.kind === "local") {
    const value = interpreter.evaluate(node.value);
    interpreter.write(target.local, value);
    return value;
  }
  const reference = partReference(target, interpreter);
  if (target.type.kind === "record" || target.type.kind === "array") {
    const { layout } = target.type;
    const { memory, offset } = interpreter.reference(node.value);
    // Both may lie in the same memory: all is read before anything is written.
    copyScalars(layout, { memory: memory.slice(offset, offset + layout.size), offset: 0 }, reference);
    return undefined;
  }
  const value = interpreter.integer(node.value);
  writePart(reference, target.type, value);
  return value;
}

function update(node: UpdateNode, interpreter: Interpreter): bigint {
  const { target, operation, type } = node;
  const reference = target.kind === "local" ? undefined : partReference(target, interpreter);
  const before = reference === undefined ? interpreter.integer(target) : readScalar(reference, type);
  const right = interpreter.integer(node.value);
  const after = wrap(type, compute(node.operator, operation, before, right));
  if (reference !== undefined) writeScalar(reference, type, after);
  else if (target.kind === "local") interpreter.write(target.local, after);
  return node.gives === "before" ? before : after;
}

/** Writes the values of a new record; everything between them stays 0. */
function fill(node: RecordNode | ListNode, at: Reference, interpreter: Interpreter): void {
  const parts =
    node.kind === "record"
      ? node.fields
      : node.elements.map((value, index) => ({ offset: index * node.stride, value }));
  for (const { offset, value } of parts) {
    const to = { memory: at.memory, offset: at.offset + offset };
    if (value.kind === "record" || value.kind === "list") fill(value, to, interpreter);
    else if (isScalar(value.type) || value.type.kind === "boolean") {
      writePart(to, value.type, interpreter.integer(value));
    } else if (value.type.kind === "record" || value.type.kind === "array") {
      copyScalars(value.type.layout, interpreter.reference(value), to);
    }
  }
}
