import type { Btf } from "./btf/index.ts";
import { ObjectError } from "./object-error.ts";
import { questionOf } from "./relocation/question.ts";
import type { KernelTypeRelocation, Reference } from "./spec.ts";

/**
 * What a place that the loader fills in stands for, as people read it.
 *
 * @param btf the object's types, which have the names of variables, and of what is asked of the kernel's types
 */
export function referenceName(reference: Reference, btf?: Btf): string {
  switch (reference.kind) {
    case "map":
      return `map ${reference.map}`;
    case "map-value":
      return variableName(reference.map, reference.offset, btf);
    case "config":
      return `config ${reference.config}`;
    case "kernel-function":
      return reference.name;
    case "kernel-type":
      return `${reference.question} of ${subjectOf(reference, btf)}`;
  }
}

function variableName(section: string, offset: number, btf: Btf | undefined): string {
  const variables = btf?.find("section", section)?.type.variables ?? [];
  const found = variables.find((variable) => offset >= variable.offset && offset < variable.offset + variable.size);
  const type = found && btf?.type(found.type);
  if (found === undefined || type?.kind !== "variable") return `${section}+${offset}`;
  return offset === found.offset ? type.name : `${type.name}+${offset - found.offset}`;
}

function subjectOf(relocation: KernelTypeRelocation, btf: Btf | undefined): string {
  const plain = `${relocation.access} of type ${relocation.type}`;
  if (btf === undefined) return plain;
  try {
    return questionOf(relocation, btf).subject;
  } catch (error) {
    // One that makes no sense is refused when the program is loaded; a listing shows what there is.
    if (error instanceof ObjectError) return plain;
    throw error;
  }
}
