import type { FunctionBuilder, Variable } from "../src/index.ts";
import { constant32 } from "./dump.ts";

/** Two variables: 7 on the left, 70 on the right. */
export function places(builder: FunctionBuilder): [left: Variable, right: Variable] {
  const [left, right] = [builder.variable(32), builder.variable(32)];
  builder.write(left, constant32(builder, 7));
  builder.write(right, constant32(builder, 70));
  return [left, right];
}

/** Lets what two variables hold change places. */
export function exchange(builder: FunctionBuilder, left: Variable, right: Variable): void {
  const [wasLeft, wasRight] = [builder.read(left), builder.read(right)];
  builder.write(left, wasRight);
  builder.write(right, wasLeft);
}
