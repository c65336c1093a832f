import type { FunctionTree } from "../tree/function.ts";
import { isScalar } from "../types/kernel-type.ts";
import type { ProgramKind } from "../types/program-kind.ts";
import { u64 } from "../types/scalar.ts";
import { bindValue } from "./call.ts";
import { convertValue } from "./convert.ts";
import type { FunctionLowering } from "./function-lowering.ts";
import { at } from "./place.ts";

/** The kernel lays the arguments of a tracepoint side by side, each in so many bytes; records begin at a multiple of them. */
const ARGUMENT = 8;

/** Gives the parameters of a program what the kernel gives it. */
export function bindGiven(
  { given }: ProgramKind,
  { parameters }: FunctionTree,
  movesPacket: boolean,
  lowering: FunctionLowering,
): void {
  const { builder } = lowering;
  const context = builder.parameter(0);
  const isContext = given === "packet" || given === "buffer" || given === "socket";
  lowering.useContext(context, isContext ? given : undefined, movesPacket);
  for (const [index, parameter] of parameters.entries()) {
    if (given === "record") {
      lowering.bind(parameter, { kind: "place", place: { ...at(context), alignment: ARGUMENT, inContext: true } });
    } else if (given === "arguments") {
      const argument = builder.load(64, context, index * ARGUMENT);
      const { type } = parameter;
      const isBoolean = type.kind === "boolean";
      const value = isScalar(type) ? convertValue(argument, u64, type, lowering) : argument;
      bindValue(parameter, isBoolean ? builder.truncate(value, 8) : value, lowering);
    } else {
      bindValue(parameter, context, lowering);
    }
  }
}
