import type { Constant } from "../constants/constant.ts";
import { tableOf } from "../constants/global-variable.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { ExpressionSyntax, PropertySyntax } from "../syntax/expression.ts";
import type { KernelFieldNode } from "../tree/access.ts";
import type { Expression } from "../tree/expression.ts";
import { contextLayouts } from "../types/context-layout.ts";
import {
  isRegister,
  type KernelArrayType,
  type KernelMember,
  type KernelStructure,
} from "../types/kernel-structure.ts";
import { type ContextType, isContext, type KernelStructureType, typeOfLayout } from "../types/kernel-type.ts";
import { u32, u64 } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import { typeBuiltin } from "./call.ts";
import { elementAt } from "./element.ts";
import { globalNode } from "./global-node.ts";
import { literal } from "./literal.ts";
import type { Typing } from "./typing.ts";

/** `record.field`, `array.length`, `packet.length`. */
export function typeProperty(syntax: PropertySyntax, typing: Typing): Expression {
  const object = typing.expression(syntax.object);
  const { type } = object;
  if (isContext(type)) return typeContextProperty(type, object, syntax, typing);
  if (type.kind === "kernel") return kernelField(object, type, syntax);
  if (type.kind === "array" && syntax.name === "length") return literal(u32, BigInt(type.layout.length), syntax.span);
  if (type.kind !== "record") {
    throw new Mistake("WEIR1108", syntax.object.span, "a record", typeName(type, typing.layoutNames));
  }
  if (type.nullable) throw new Mistake("WEIR1109", syntax.object.span);
  const field = type.layout.fields.find(({ name }) => name === syntax.name);
  if (field === undefined) throw new Mistake("WEIR1301", syntax.nameSpan, syntax.name);
  return Object.freeze({
    kind: "member",
    type: typeOfLayout(field.layout),
    record: object,
    name: field.name,
    offset: field.offset,
    span: syntax.span,
  });
}

/** A field of the context itself, or something that the language makes of it, which has the same form. */
function typeContextProperty(
  { kind }: ContextType,
  receiver: Expression,
  { name, span }: PropertySyntax,
  typing: Typing,
): Expression {
  const field = contextLayouts[kind].layout.fields.find((candidate) => candidate.name === name);
  if (field === undefined) {
    return typeBuiltin(`${kind}.${name}`, { span, receiver, map: undefined, arguments: [], typeArguments: [] }, typing);
  }
  const { offset, layout } = field;
  return Object.freeze({ kind: "member", type: typeOfLayout(layout), record: receiver, name, offset, span });
}

/** A member of a structure of the kernel. What is inside another structure is reached from that one's start. */
function kernelField(object: Expression, type: KernelStructureType, syntax: PropertySyntax): Expression {
  if (type.nullable) throw new Mistake("WEIR1109", syntax.object.span);
  const member = type.structure.member(syntax.name);
  if (member === undefined) throw new Mistake("WEIR1301", syntax.nameSpan, syntax.name);
  return kernelPart(object, type.structure, syntax.name, member, syntax.span);
}

function kernelPart(
  object: Expression,
  structure: KernelStructure,
  step: string | number,
  member: KernelMember,
  span: Span,
): Expression {
  const inside = object.kind === "kernel-field" && !isRegister(object.member) ? object : undefined;
  return Object.freeze({
    kind: "kernel-field",
    type: member.pointer && member.type.kind !== "kernel" ? u64 : member.type,
    object: inside?.object ?? object,
    structure: inside?.structure ?? structure,
    path: [...(inside?.path ?? []), step],
    member,
    span,
  });
}

/** `array[index]`, in a record or in a list of constants. */
export function typeElement(syntax: ExpressionSyntax & { kind: "element" }, typing: Typing): Expression {
  const array = arrayOf(syntax.object, typing);
  if (array.kind === "kernel-field" && array.type.kind === "kernel-array") {
    return kernelElement(array, array.type, syntax, typing);
  }
  return elementAt(array, syntax.index, syntax.span, typing);
}

function kernelElement(
  array: KernelFieldNode,
  { element, length }: KernelArrayType,
  syntax: ExpressionSyntax & { kind: "element" },
  typing: Typing,
): Expression {
  const index = typing.constants.evaluate(syntax.index);
  // The loader finds the place of an element that it knows.
  if (index?.kind !== "integer") throw new Mistake("WEIR1706", syntax.index.span);
  if (index.value < 0n || index.value >= BigInt(length)) {
    throw new Mistake("WEIR1308", syntax.index.span, index.value, length);
  }
  return kernelPart(array, array.structure, Number(index.value), element, syntax.span);
}

/** An array in memory: a list of constants is put there where it is read with an index that is not known. */
function arrayOf(syntax: ExpressionSyntax, typing: Typing): Expression {
  const constant = typing.constants.evaluate(syntax);
  if (constant?.kind !== "list") return typing.expression(syntax);
  return globalNode(tableOf(constant, syntax.span, typing.constants), syntax.span);
}

/** A constant where a value is wanted. */
export function refuseConstant(constant: Constant, syntax: ExpressionSyntax): never {
  const name = syntax.kind === "name" ? syntax.name : constant.kind;
  throw new Mistake("WEIR1202", syntax.span, name);
}
