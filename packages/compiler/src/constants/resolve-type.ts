import { type Layout, timer } from "@weir/bytecode/layout";
import { Mistake } from "../diagnostics/mistake.ts";
import type { Declaration } from "../syntax/declaration.ts";
import type { TypeSyntax } from "../syntax/type.ts";
import {
  booleanType,
  contextTypes,
  type KernelType,
  kernelType,
  recordType,
  socketType,
  typeOfLayout,
  voidType,
} from "../types/kernel-type.ts";
import { i32, scalarTypes, u32, u64 } from "../types/scalar.ts";
import type { Constants } from "./constants.ts";
import { structureOf } from "./resolve-structure.ts";
import { layoutOfType } from "./type-layout.ts";
import { scalarLayouts } from "./word-value.ts";

/** Types that the language names, besides the integers. */
const wordTypes: ReadonlyMap<string, KernelType> = new Map<string, KernelType>([
  ...Object.entries(scalarTypes),
  ["XdpPacket", contextTypes.packet],
  ["SkBuff", contextTypes.buffer],
  ["SocketOperation", contextTypes.socket],
  ["Socket", kernelType(socketType.structure)],
  ["XdpAction", u32],
  ["TcxAction", i32],
  ["SocketOperationCode", u32],
  ["UpdateMode", u64],
  ["BroadcastFlags", u64],
  ["RingFlags", u64],
  ["Timer", recordType(timer)],
  ["TimerClock", u64],
  ["TimerFlags", u64],
]);

/** Whether a word names a type of values, rather than of what is only known while compiling. */
export const isValueType = (word: string): boolean => word === "Value" || wordTypes.has(word);

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
      if (members.length === syntax.members.length) throw new Mistake("WEIR1208", syntax.span);
      if (type?.kind === "kernel") return kernelType(type.structure, true);
      if (type?.kind !== "record") throw new Mistake("WEIR1208", syntax.span);
      return recordType(type.layout, true);
    }
    case "reference":
      return resolveReference(syntax, constants);
    default:
      throw new Mistake("WEIR1208", syntax.span);
  }
}

function resolveReference(syntax: TypeSyntax & { kind: "reference" }, constants: Constants): KernelType | undefined {
  const { declaration } = syntax;
  if (declaration?.kind === "word" && declaration.name === "Value") {
    const [argument] = syntax.arguments;
    const layout = argument && layoutArgument(argument, constants);
    if (layout !== undefined) return typeOfLayout(layout);
  }
  const word = declaration?.kind === "word" ? wordTypes.get(declaration.name) : undefined;
  if (word !== undefined) return word;
  if (declaration?.kind === "interface") {
    const structure = structureOf(declaration, (inner) => resolveType(inner, constants));
    if (structure !== undefined) return kernelType(structure);
  }
  if (declaration?.kind === "type") return resolveType(declaration.type, constants);
  if (declaration?.kind === "type-parameter") {
    const argument = constants.typeArgument(declaration);
    if (argument?.kind === "type") return argument.type;
  }
  throw new Mistake("WEIR1208", syntax.span);
}

/** `typeof Stats`, or a type parameter that stands for such a type. */
function layoutArgument(syntax: TypeSyntax, constants: Constants): Layout | undefined {
  if (syntax.kind === "query") return layoutOf(syntax.declaration, syntax.span, constants);
  if (syntax.kind !== "reference" || syntax.declaration?.kind !== "type-parameter") return undefined;
  const argument = constants.typeArgument(syntax.declaration);
  return argument?.kind === "layout" ? argument.layout : argument && layoutOfType(argument.type);
}

function layoutOf(declaration: Declaration | undefined, span: TypeSyntax["span"], constants: Constants): Layout {
  const constant =
    declaration?.kind === "variable"
      ? constants.declared(declaration)
      : declaration?.kind === "parameter"
        ? constants.bound(declaration)
        : undefined;
  if (constant?.kind === "layout") return constant.layout;
  const scalar = declaration?.kind === "word" ? scalarLayouts.get(declaration.name) : undefined;
  if (scalar !== undefined) return scalar;
  throw new Mistake("WEIR1208", span);
}
