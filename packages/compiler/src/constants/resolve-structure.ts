import { Mistake } from "../diagnostics/mistake.ts";
import type { InterfaceDeclaration } from "../syntax/declaration.ts";
import type { TypeSyntax } from "../syntax/type.ts";
import type { KernelMember, KernelStructure } from "../types/kernel-structure.ts";
import { booleanType, type KernelType, kernelType } from "../types/kernel-type.ts";

/** One for each interface, so that types are told apart by identity. */
const structures = new WeakMap<InterfaceDeclaration, KernelStructure>();

/** What a type is that is no part of a structure alone. */
type Resolve = (syntax: TypeSyntax) => KernelType | undefined;

/** The structure of the kernel that an interface describes; undefined for other interfaces. */
export function structureOf(declaration: InterfaceDeclaration, resolve: Resolve): KernelStructure | undefined {
  const known = structures.get(declaration);
  if (known !== undefined) return known;
  for (const base of declaration.bases) {
    if (base.kind !== "reference" || base.declaration?.kind !== "word") continue;
    const form = forms.get(base.declaration.name);
    const [name] = base.arguments;
    if (form === undefined || name?.kind !== "literal") continue;
    const members = new Map<string, KernelMember | undefined>();
    const structure: KernelStructure = {
      name: String(name.value),
      form,
      member(wanted) {
        if (!members.has(wanted)) {
          const syntax = declaration.member(wanted);
          members.set(wanted, syntax && memberOf(syntax, resolve));
        }
        return members.get(wanted);
      },
    };
    structures.set(declaration, structure);
    return structure;
  }
  return undefined;
}

const forms: ReadonlyMap<string, KernelStructure["form"]> = new Map([
  ["KernelStruct", "struct"],
  ["KernelUnion", "union"],
]);

function memberOf(syntax: TypeSyntax, resolve: Resolve): KernelMember {
  if (syntax.kind === "boolean") return { type: booleanType, pointer: false, bitField: false };
  if (syntax.kind !== "reference") throw new Mistake("WEIR1216", syntax.span);
  const { declaration, arguments: given } = syntax;
  if (declaration?.kind === "interface") {
    const structure = structureOf(declaration, resolve);
    if (structure === undefined) throw new Mistake("WEIR1216", syntax.span);
    return { type: kernelType(structure), pointer: false, bitField: false };
  }
  const [first, second] = given;
  if (declaration?.kind === "word" && first !== undefined) {
    if (declaration.name === "Pointer") return { ...memberOf(first, resolve), pointer: true };
    if (declaration.name === "Bits") return { ...memberOf(first, resolve), bitField: true };
    if (declaration.name === "KernelArray" && second?.kind === "literal") {
      const length = Number(second.value);
      if (!Number.isSafeInteger(length)) throw new Mistake("WEIR1216", second.span);
      const type = { kind: "kernel-array", element: memberOf(first, resolve), length } as const;
      return { type, pointer: false, bitField: false };
    }
  }
  const type = resolve(syntax);
  if (type?.kind !== "integer" && type?.kind !== "network" && type?.kind !== "boolean") {
    throw new Mistake("WEIR1216", syntax.span);
  }
  return { type, pointer: false, bitField: false };
}
