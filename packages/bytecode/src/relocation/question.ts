import type { Btf } from "../btf/btf.ts";
import type { BtfType } from "../btf/type.ts";
import { ObjectError } from "../object-error.ts";
import type { KernelTypeRelocation } from "../spec.ts";
import { typesAreCompatible } from "./compatibility.ts";
import { essentialName } from "./essential-name.ts";
import { fieldAnswer } from "./field-answer.ts";
import { describeField, type FieldPath, fieldIn, localField } from "./field-path.ts";
import { isEnumeration } from "./kinds.ts";
import { describeType, typesMatch } from "./type-match.ts";

/** The number that a relocation asks for. */
export interface Answer {
  readonly value: bigint;
  /** Bytes of a load or store of the field, where it is one. */
  readonly accessSize?: number | undefined;
  readonly accessType?: BtfType;
  /** Tells candidates apart that give the same number by chance. */
  readonly bitOffset?: number;
  /** Whether what the compiler has put into the instruction must be this number, when it is asked of the object's own type. */
  readonly isCertain: boolean;
}

/** A question with what it is asked of in the object. */
export interface Question {
  readonly relocation: KernelTypeRelocation;
  /** The answer of the object's own type; undefined where only the kernel's counts. */
  readonly local: Answer;
  /** What is asked for, as people write it: `field task_struct.pid`. */
  readonly subject: string;
  /** Asks a type of the kernel that has the same name; undefined when it lacks what is asked of. */
  ask(kernel: Btf, id: number): Answer | undefined;
  /** When no type of the kernel has it; undefined when the instruction must not be reached then. */
  readonly missing: Answer | undefined;
}

const NO: Answer = { value: 0n, isCertain: true };
const YES: Answer = { value: 1n, isCertain: true };

/** @throws {ObjectError} when the object's own type has not what is asked of */
export function questionOf(relocation: KernelTypeRelocation, btf: Btf): Question {
  switch (relocation.question) {
    case "local-type-id":
    case "type-id":
    case "type-exists":
    case "type-size":
    case "type-matches":
      return typeQuestion(relocation, btf);
    case "enumerator-exists":
    case "enumerator-value":
      return enumeratorQuestion(relocation, btf);
    default:
      return fieldQuestion(relocation, btf);
  }
}

function fieldQuestion(relocation: KernelTypeRelocation, btf: Btf): Question {
  const path = localField(btf, relocation.type, relocation.access);
  const of = (one: FieldPath): Answer => ({
    ...fieldAnswer(relocation.question, one),
    bitOffset: one.bitOffset,
  });
  return {
    relocation,
    local: of(path),
    subject: `field ${describeField(path)}`,
    ask(kernel, id) {
      const found = fieldIn(kernel, id, path);
      return found && of(found);
    },
    missing: relocation.question === "field-exists" ? NO : undefined,
  };
}

function typeQuestion(relocation: KernelTypeRelocation, btf: Btf): Question {
  const { question, type } = relocation;
  const of = (source: Btf, id: number): Answer => {
    switch (question) {
      case "type-size":
        return { value: BigInt(source.sizeOf(id)), isCertain: true };
      case "type-exists":
      case "type-matches":
        return YES;
      default:
        return { value: BigInt(id), isCertain: question === "local-type-id" };
    }
  };
  return {
    relocation,
    local: of(btf, type),
    subject: describeType(btf.type(type)),
    ask(kernel, id) {
      const fits = question === "type-matches" ? typesMatch : typesAreCompatible;
      return fits({ btf, id: type }, { btf: kernel, id }) ? of(kernel, id) : undefined;
    },
    missing: NO,
  };
}

function enumeratorQuestion(relocation: KernelTypeRelocation, btf: Btf): Question {
  const { type } = btf.bare(relocation.type);
  const wanted = isEnumeration(type) ? type.values[Number(relocation.access)] : undefined;
  if (wanted === undefined) {
    throw new ObjectError(`a CO-RE relocation asks for enumerator "${relocation.access}" of ${describeType(type)}`);
  }
  const of = (value: bigint): Answer =>
    relocation.question === "enumerator-exists" ? YES : { value, isCertain: true };
  return {
    relocation,
    local: of(wanted.value),
    subject: `enumerator ${essentialName(wanted.name)} of ${describeType(type)}`,
    ask(kernel, id) {
      const target = kernel.bare(id).type;
      if (!isEnumeration(target)) return undefined;
      const found = target.values.find(({ name }) => essentialName(name) === essentialName(wanted.name));
      return found && of(found.value);
    },
    missing: relocation.question === "enumerator-exists" ? NO : undefined,
  };
}
