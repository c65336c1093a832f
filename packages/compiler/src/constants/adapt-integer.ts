import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import { swapBytes, toHost } from "../types/byte-order.ts";
import type { ScalarType } from "../types/kernel-type.ts";
import { holds, wrap } from "../types/scalar.ts";
import type { ConstantOf } from "./constant.ts";

/** The value of a number, which may have no type yet, in a type. */
export function adaptInteger(constant: ConstantOf<"integer">, type: ScalarType, span: Span): bigint {
  const value = constant.inverted ? wrap(type, constant.value) : constant.value;
  if (!holds(type, value)) throw new Mistake("WEIR1105", span, value, type.name);
  // Which byte order did the author think of? It does not matter where both are the same.
  if (type.kind === "network" && constant.type !== type && swapBytes(type.bits, value) !== value) {
    throw new Mistake("WEIR1102", span, "a number", type.name, toHost(type).replace("ntoh", "hton"));
  }
  return value;
}
