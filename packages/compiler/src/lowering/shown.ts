import type { Value } from "@weir/codegen";
import type { FunctionLowering } from "./function-lowering.ts";

/**
 * The same number, which is below `limit`, behind a mask that changes nothing, and a comparison that always holds: they tell the verifier,
 * which knows nothing of a remainder or of the turns of a loop, not even that the upper half is 0.
 */
export function shown(value: Value, limit: bigint, lowering: FunctionLowering): Value {
  const { builder } = lowering;
  const mask = (1n << BigInt((limit - 1n).toString(2).length)) - 1n;
  const masked = builder.binary("and", 64, value, builder.constant(64, mask));
  if (mask === limit - 1n) return masked;
  const variable = builder.variable(64);
  const [outside, after] = [builder.block(), builder.block()];
  builder.write(variable, masked);
  builder.branch("ult", 64, masked, builder.constant(64, limit), after, outside);
  lowering.continueAt(outside);
  builder.write(variable, builder.constant(64, 0n));
  builder.jump(after);
  lowering.continueAt(after);
  return builder.read(variable);
}
