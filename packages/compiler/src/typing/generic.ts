import type { Constant } from "../constants/constant.ts";
import { isValueType } from "../constants/resolve-type.ts";
import type { FunctionSyntax } from "../syntax/function.ts";
import type { TypeSyntax } from "../syntax/type.ts";

/** Whether a function can only be typed where it is called: it has type parameters, or takes maps, layouts, functions or text. */
export function isGeneric({ typeParameters, parameters }: FunctionSyntax): boolean {
  return typeParameters.length > 0 || parameters.some(({ type }) => type !== undefined && !isRuntime(type));
}

function isRuntime(type: TypeSyntax): boolean {
  switch (type.kind) {
    case "array":
    case "function":
    case "string":
    case "literal":
    case "unsupported":
      return false;
    case "query":
      return true;
    case "union":
      return type.members.every(isRuntime);
    case "reference":
      if (type.declaration?.kind === "type") return isRuntime(type.declaration.type);
      return type.declaration?.kind !== "word" || isValueType(type.declaration.name);
    default:
      return true;
  }
}

const compileTime: ReadonlySet<Constant["kind"]> = new Set([
  "layout",
  "map",
  "function",
  "string",
  "object",
  "list",
  "word",
  "program",
]);

/** What is passed on as it is, and never is in a register. */
export const isCompileTime = ({ kind }: Constant): boolean => compileTime.has(kind);
