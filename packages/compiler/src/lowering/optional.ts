import type { Block } from "@weir/codegen";
import type { OptionalNode } from "../tree/optional.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { isInPacket } from "./in-packet.ts";

/** Goes on where the record is there, with a name for it, and then where it is null. */
export function lowerOptional(
  { record, found }: OptionalNode,
  whenFound: () => void,
  otherwise: () => void,
  lowering: FunctionLowering,
): void {
  const { builder } = lowering;
  const variable = builder.variable(64);
  const [notNull, isNull]: [Block, Block] = [builder.block(), builder.block()];
  lowering.nullable(record, variable, notNull, isNull);
  lowering.bind(found, { kind: "variable", variable });
  if (isInPacket(record, lowering)) lowering.packetVariables.add(variable);
  lowering.continueAt(notNull);
  whenFound();
  lowering.continueAt(isNull);
  otherwise();
}
