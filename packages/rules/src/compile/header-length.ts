import type { FunctionBuilder, Value } from "@weir/codegen";

/** The length of a header of IPv4 in bytes, from its first one. */
export function headerLength(builder: FunctionBuilder, first: Value): Value {
  const words = builder.binary("and", 32, first, builder.constant(32, 15n));
  return builder.zeroExtend(builder.binary("shl", 32, words, builder.constant(32, 2n)), 32, 64);
}
