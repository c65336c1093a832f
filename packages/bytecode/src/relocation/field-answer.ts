import type { BtfType } from "../btf/type.ts";
import { ObjectError } from "../object-error.ts";
import type { KernelTypeRelocation } from "../spec.ts";
import { describeField, type FieldPath } from "./field-path.ts";
import { isEnumeration } from "./kinds.ts";

/** What a field's relocation asks for, and what an instruction that loads or stores the field has to be like. */
export interface FieldAnswer {
  readonly value: bigint;
  /** Bytes of one load or store of the field; undefined for bit fields, which have loads of their own. */
  readonly accessSize: number | undefined;
  /** The type that is loaded or stored. */
  readonly accessType: BtfType;
  /** Whether compilers agree on it: of bit fields several ways to load are right. */
  readonly isCertain: boolean;
}

/** A field's place in memory: the bytes to load, and its bits in them. */
interface Placed {
  readonly type: BtfType;
  readonly byteOffset: number;
  readonly byteSize: number;
  readonly bitSize: number;
  readonly isBitField: boolean;
}

const LOAD_BITS = 64;

/** What is asked of a field. @throws {ObjectError} for questions that such a field has no answer to */
export function fieldAnswer(question: KernelTypeRelocation["question"], path: FieldPath): FieldAnswer {
  const placed = placeOf(path);
  const answer = (value: number, isCertain: boolean): FieldAnswer => ({
    value: BigInt(value),
    accessSize: placed.isBitField || question !== "field-offset" ? undefined : elementSize(path),
    accessType: placed.type,
    isCertain,
  });
  const { byteOffset, byteSize, bitSize, isBitField } = placed;
  switch (question) {
    case "field-exists":
      return answer(1, true);
    case "field-offset":
      return answer(byteOffset, !isBitField);
    case "field-size":
      return answer(byteSize, !isBitField);
    case "field-signed":
      return answer(isSigned(placed.type) ? 1 : 0, true);
    case "field-shift-left":
      return answer(LOAD_BITS - (path.bitOffset + bitSize - byteOffset * 8), false);
    case "field-shift-right":
      return answer(LOAD_BITS - bitSize, true);
    default:
      throw new ObjectError(`"${question}" is not asked of a field such as ${describeField(path)}`);
  }
}

function placeOf(path: FieldPath): Placed {
  const { btf, bitOffset } = path;
  const last = path.steps.at(-1);
  if (last === undefined) throw new ObjectError("an access has at least one step");
  const id = last.kind === "member" ? last.member.type : last.type;
  const { type } = btf.bare(id);
  const size = btf.sizeOf(id);
  const bitSize = last.kind === "member" ? last.member.bitSize : undefined;
  if (bitSize === undefined) {
    return { type, byteOffset: bitOffset / 8, byteSize: size, bitSize: size * 8, isBitField: false };
  }
  // The smallest aligned load that has all of its bits.
  for (let byteSize = size; byteSize <= LOAD_BITS / 8; byteSize *= 2) {
    const byteOffset = Math.floor(bitOffset / 8 / byteSize) * byteSize;
    if (bitOffset + bitSize <= (byteOffset + byteSize) * 8) {
      return { type, byteOffset, byteSize, bitSize, isBitField: true };
    }
  }
  throw new ObjectError(`the bit field ${describeField(path)} cannot be loaded at once`);
}

/** Bytes of what is loaded of a field: of an array, one element. */
function elementSize({ btf, steps }: FieldPath): number {
  const last = steps.at(-1);
  let id = last === undefined ? 0 : last.kind === "member" ? last.member.type : last.type;
  for (let type = btf.bare(id).type; type.kind === "array"; type = btf.bare(id).type) id = type.type;
  return btf.sizeOf(id);
}

function isSigned(type: BtfType): boolean {
  return type.kind === "int" ? type.encoding === "signed" : isEnumeration(type) && type.signed;
}
