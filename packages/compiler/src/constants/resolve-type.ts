import { Mistake } from "../diagnostics/mistake.ts";
import type { Declaration } from "../syntax/declaration.ts";
import type { TypeSyntax } from "../syntax/type.ts";
import { booleanType, type KernelType, packetType, recordType, typeOfLayout, voidType } from "../types/kernel-type.ts";
import { scalarTypes, u32, u64 } from "../types/scalar.ts";
import type { Constants } from "./constants.ts";

/** Types that the language names, besides the integers. */
const wordTypes: ReadonlyMap<string, KernelType> = new Map<string, KernelType>([
  ...Object.entries(scalarTypes),
  ["XdpPacket", packetType],
  ["XdpAction", u32],
  ["UpdateMode", u64],
  ["BroadcastFlags", u64],
]);

/** The type that is written; undefined for `number`, which says nothing here. */
export function resolveType(syntax: TypeSyntax, constants: Constants): KernelType | undefined {
  switch (syntax.kind) {
    case "boolean":
      return booleanType;
    case "void":
      return voidType;
    case "number":
      return undefined;
    case "union": {
      const members = syntax.members.filter((member) => member.kind !== "null");
      const [member, second] = members;
      const type = member && second === undefined ? resolveType(member, constants) : undefined;
      if (type?.kind !== "record" || members.length === syntax.members.length)
        throw new Mistake("WEIR1208", syntax.span);
      return recordType(type.layout, true);
    }
    case "reference": {
      const { declaration } = syntax;
      if (declaration?.kind === "word" && declaration.name === "Value") {
        const [argument] = syntax.arguments;
        if (argument?.kind === "query") return typeOfLayout(layoutOf(argument.declaration, argument.span, constants));
      }
      const word = declaration?.kind === "word" ? wordTypes.get(declaration.name) : undefined;
      if (word !== undefined) return word;
      if (declaration?.kind === "type") return resolveType(declaration.type, constants);
      throw new Mistake("WEIR1208", syntax.span);
    }
    default:
      throw new Mistake("WEIR1208", syntax.span);
  }
}

function layoutOf(declaration: Declaration | undefined, span: TypeSyntax["span"], constants: Constants) {
  if (declaration?.kind === "variable") {
    const constant = constants.declared(declaration);
    if (constant?.kind === "layout") return constant.layout;
  }
  if (declaration?.kind === "word") {
    const scalar = Object.values(scalarTypes).find(({ name }) => name === declaration.name);
    if (scalar !== undefined)
      return { kind: "scalar", name: scalar.name, size: scalar.bits / 8, alignment: 1 } as const;
  }
  throw new Mistake("WEIR1208", span);
}
