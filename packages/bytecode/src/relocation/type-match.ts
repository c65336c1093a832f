import type { BtfInt, BtfType } from "../btf/type.ts";
import { prototypesAgree, type TypeIn } from "./compatibility.ts";
import { essentialName } from "./essential-name.ts";
import { type Composite, type Enumeration, isComposite, isEnumeration, nameOf } from "./kinds.ts";

/** Structs may contain each other without end; so deep nobody looks. */
const DEEPEST = 32;

/**
 * Whether a type is a part of another one: the same name, and all its members and enumerators are there, with types that match.
 * Behind a pointer a struct goes by its name alone.
 */
export function typesMatch(local: TypeIn, target: TypeIn, behindPointer = false, depth: number = DEEPEST): boolean {
  const left = local.btf.bare(local.id).type;
  const right = target.btf.bare(target.id).type;
  if (depth === 0 || essentialName(nameOf(left)) !== essentialName(nameOf(right))) return false;
  const inner = (one: number, other: number, pointer = behindPointer): boolean =>
    typesMatch({ ...local, id: one }, { ...target, id: other }, pointer, depth - 1);
  switch (left.kind) {
    case "void":
      return right.kind === "void";
    case "int":
      return right.kind === "int" && integersMatch(left, right);
    case "forward":
      return right.kind === "forward" ? left.of === right.of : behindPointer && right.kind === left.of;
    case "enum":
    case "enum64":
      return isEnumeration(right) && enumerationsMatch(left, right);
    case "struct":
    case "union":
      if (behindPointer) return right.kind === "forward" ? right.of === left.kind : right.kind === left.kind;
      return isComposite(right) && left.kind === right.kind && membersMatch(left, right, inner);
    case "pointer":
      return right.kind === "pointer" && inner(left.type, right.type, true);
    case "array":
      return right.kind === "array" && left.length === right.length && inner(left.type, right.type);
    case "function-prototype":
      return right.kind === "function-prototype" && prototypesAgree(left, right, inner);
    default:
      return false;
  }
}

function integersMatch(left: BtfInt, right: BtfInt): boolean {
  return left.size === right.size && (left.encoding === "signed") === (right.encoding === "signed");
}

function enumerationsMatch(left: Enumeration, right: Enumeration): boolean {
  const names = new Set(right.values.map(({ name }) => essentialName(name)));
  return left.size === right.size && left.values.every(({ name }) => names.has(essentialName(name)));
}

function membersMatch(left: Composite, right: Composite, inner: (left: number, right: number) => boolean): boolean {
  return left.members.every((member) =>
    right.members.some(
      (other) => essentialName(member.name) === essentialName(other.name) && inner(member.type, other.type),
    ),
  );
}

/** What a type is called in a message. */
export function describeType(type: BtfType): string {
  return type.kind === "typedef" ? nameOf(type) : `${type.kind.replace("64", "")} ${nameOf(type)}`;
}
