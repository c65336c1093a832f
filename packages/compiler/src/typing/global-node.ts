import type { GlobalDeclaration } from "../constants/constant.ts";
import type { Span } from "../source-file.ts";
import type { Expression } from "../tree/expression.ts";
import { typeOfLayout } from "../types/kernel-type.ts";

/** A global variable, or a table of constants, where it is used. */
export const globalNode = (global: GlobalDeclaration, span: Span): Expression =>
  Object.freeze({ kind: "global", type: typeOfLayout(global.layout), global, span });
