import type { MapDeclaration } from "../constants/constant.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { BuiltinCall } from "./builtin.ts";

/** The map that a call is made on. */
export function mapOf({ map, span }: Pick<BuiltinCall, "map" | "span">): MapDeclaration {
  if (map === undefined) throw new Mistake("WEIR1202", span, "this");
  return map;
}
