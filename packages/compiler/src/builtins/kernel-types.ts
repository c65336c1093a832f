import type { KernelTypeRelocation } from "@weir/bytecode";
import { resolveType } from "../constants/resolve-type.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import { onlyInKernel } from "../interpreter/kernel-only-error.ts";
import { askType } from "../lowering/kernel-field.ts";
import { lowered } from "../lowering/lowered.ts";
import type { KernelEnumerator, KernelStructure } from "../types/kernel-structure.ts";
import { booleanType, type KernelType } from "../types/kernel-type.ts";
import { u32, u64 } from "../types/scalar.ts";
import type { Typing } from "../typing/typing.ts";
import { argument } from "./arguments.ts";
import type { Builtin, BuiltinCall } from "./builtin.ts";

type Question = KernelTypeRelocation["question"];

/** The structure that a type argument says. */
function structureOf(call: BuiltinCall, typing: Typing): KernelStructure {
  const [syntax] = call.typeArguments;
  const type = syntax && resolveType(syntax, typing.constants);
  if (type?.kind === "kernel") return type.structure;
  throw new Mistake("WEIR1723", syntax?.span ?? call.span);
}

function enumeratorOf(call: BuiltinCall, typing: Typing): KernelEnumerator {
  const [enumeration, name] = [0, 1].map((index) => {
    const syntax = argument(call, index);
    const constant = typing.constants.evaluate(syntax);
    if (constant?.kind !== "string" || constant.value === "") throw new Mistake("WEIR1201", syntax.span);
    return constant.value;
  });
  return { form: "enumerator", enumeration: enumeration ?? "", name: name ?? "" };
}

function asking(
  name: string,
  question: Question,
  type: KernelType,
  about: (call: BuiltinCall, typing: Typing) => KernelStructure | KernelEnumerator,
): Builtin {
  return {
    name,
    check: (call, typing) => ({ type, arguments: [], asks: about(call, typing) }),
    lower(node, lowering) {
      const answer = askType(question, node, lowering);
      return lowered(type === u64 ? answer : lowering.builder.truncate(answer, 32));
    },
    interpret: onlyInKernel(name),
  };
}

/** What is asked of the running kernel's types, besides the members of its structures. */
export const kernelTypeBuiltins: readonly Builtin[] = [
  asking("typeExists", "type-exists", booleanType, structureOf),
  asking("typeSize", "type-size", u32, structureOf),
  asking("enumExists", "enumerator-exists", booleanType, enumeratorOf),
  asking("enumValue", "enumerator-value", u64, enumeratorOf),
];
