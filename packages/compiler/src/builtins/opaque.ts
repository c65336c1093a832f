import { Mistake } from "../diagnostics/mistake.ts";
import { lowered } from "../lowering/lowered.ts";
import { isAligned } from "../lowering/memory.ts";
import { isScalar } from "../types/kernel-type.ts";
import { argument } from "./arguments.ts";
import type { Builtin } from "./builtin.ts";
import { fieldArgument, fieldOf } from "./field-argument.ts";
import { nth } from "./nth.ts";

/**
 * `opaque(value, record, "field")`: the value, about which the verifier knows nothing any more. It follows each way through a
 * loop for each range that a value can have; when it has forgotten the ranges, the ways are one.
 */
export const opaque: Builtin = {
  name: "opaque",
  inMemory: 1,
  check(call, typing) {
    const value = typing.expression(argument(call, 0));
    if (value.type.kind !== "integer" || value.type.bits !== 32) throw new Mistake("WEIR1312", argument(call, 0).span);
    const noise = fieldArgument(call, 1, typing);
    if (!isScalar(noise.type) || noise.type.bits > 32) throw new Mistake("WEIR1312", argument(call, 2).span);
    return { type: value.type, arguments: [value, noise] };
  },
  lower(node, lowering) {
    const { builder } = lowering;
    const [noise, type] = fieldOf(node, 1);
    const place = lowering.place(noise.record);
    const address = lowering.address(place);
    // A byte of it, where the verifier takes only aligned accesses.
    const bits = place.kind === "memory" && isAligned(place, place.offset + noise.offset, type) ? type.bits : 8;
    // Volatile, so that nobody finds out that the two are the same: neither codegen nor the verifier.
    const noisy = () => builder.load(bits, address, noise.offset, { volatile: true });
    const hidden = builder.binary("xor", 32, lowering.value(nth(node, 0)), noisy());
    return lowered(builder.binary("xor", 32, hidden, noisy()));
  },
  interpret: (node, interpreter) => interpreter.integer(nth(node, 0)),
};
