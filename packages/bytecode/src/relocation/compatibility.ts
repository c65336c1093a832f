import type { Btf } from "../btf/btf.ts";
import type { BtfType } from "../btf/type.ts";
import { essentialName } from "./essential-name.ts";
import { isComposite, nameOf, sameKind } from "./kinds.ts";

/** A type, and the BTF that it is in. */
export interface TypeIn {
  readonly btf: Btf;
  readonly id: number;
}

/** How deep types may lie in each other: those that contain themselves have no end. */
const DEEPEST = 32;

/** Whether a field of one type can be read as one of another: the sizes of integers and the insides of structs may differ. */
export function fieldsAreCompatible(local: TypeIn, target: TypeIn): boolean {
  const left = local.btf.bare(local.id).type;
  const right = target.btf.bare(target.id).type;
  if (isComposite(left) && isComposite(right)) return true;
  if (!sameKind(left, right)) return false;
  switch (left.kind) {
    case "int":
    case "float":
    case "pointer":
      return true;
    case "forward":
    case "enum":
    case "enum64": {
      const [one, other] = [essentialName(nameOf(left)), essentialName(nameOf(right))];
      return one === "" || other === "" || one === other;
    }
    case "array":
      if (right.kind !== "array") return false;
      return fieldsAreCompatible({ ...local, id: left.type }, { ...target, id: right.type });
    default:
      return false;
  }
}

/** Whether a type can stand for another one as a whole: of the same kind, pointers and functions to the last parameter. */
export function typesAreCompatible(local: TypeIn, target: TypeIn, depth: number = DEEPEST): boolean {
  const left = local.btf.bare(local.id).type;
  const right = target.btf.bare(target.id).type;
  if (depth === 0 || !sameKind(left, right)) return false;
  const inner = (one: number, other: number): boolean =>
    typesAreCompatible({ ...local, id: one }, { ...target, id: other }, depth - 1);
  switch (left.kind) {
    case "void":
    case "int":
    case "struct":
    case "union":
    case "enum":
    case "enum64":
    case "forward":
      return true;
    case "pointer":
    case "array":
      return right.kind === left.kind && inner(left.type, right.type);
    case "function-prototype":
      return right.kind === left.kind && prototypesAgree(left, right, inner);
    default:
      return false;
  }
}

type Prototype = BtfType & { readonly kind: "function-prototype" };

export function prototypesAgree(
  left: Prototype,
  right: Prototype,
  agree: (left: number, right: number) => boolean,
): boolean {
  return (
    left.parameters.length === right.parameters.length &&
    left.parameters.every(({ type }, index) => agree(type, right.parameters[index]?.type ?? 0)) &&
    agree(left.type, right.type)
  );
}
