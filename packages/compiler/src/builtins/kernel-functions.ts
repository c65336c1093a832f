import { type KernelFunction, type KernelFunctionArgument, kernelFunctions } from "@weir/bytecode/kernel-functions";
import type { Value } from "@weir/codegen";
import { resolveType } from "../constants/resolve-type.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import { onlyInKernel } from "../interpreter/kernel-only-error.ts";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import { askType } from "../lowering/kernel-field.ts";
import { lowered, nothing } from "../lowering/lowered.ts";
import type { BuiltinNode } from "../tree/call.ts";
import type { Expression } from "../tree/expression.ts";
import { structureNamed } from "../types/kernel-structure.ts";
import { isScalar, type KernelType, kernelType, voidType } from "../types/kernel-type.ts";
import { scalarTypes } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import type { Typing } from "../typing/typing.ts";
import { argument } from "./arguments.ts";
import type { Builtin, BuiltinCall, CheckedCall } from "./builtin.ts";
import { argumentValue, memoryArgument } from "./call-argument.ts";
import { nth } from "./nth.ts";

/** What a program says: all but the context, and the number of a type, which its type argument says. */
export const spokenFunctionArguments = ({ arguments: list }: KernelFunction): readonly KernelFunctionArgument[] =>
  list.filter(({ kind }) => kind !== "context" && kind !== "type");

/** Functions of the kernel by their own names. */
export const kernelFunctionBuiltins: readonly Builtin[] = [...kernelFunctions.values()].map((called) => ({
  name: called.name,
  inMemory: spokenFunctionArguments(called).flatMap((one, index) =>
    one.kind === "memory" && one.access !== "read" ? index : [],
  ),
  ...(called.movesPacket && { movesPacket: true }),
  check(call, typing) {
    const checked = {
      type: resultType(called, call, typing),
      arguments: spokenFunctionArguments(called).map((one, index) => checkArgument(one, call, index, typing)),
    };
    return withQuestion(called, checked);
  },
  lower(node, lowering) {
    const { builder } = lowering;
    if (called.movesPacket && !lowering.mayMovePacket) throw new Mistake("WEIR1503", node.span, called.name);
    const result = builder.callKernelFunction(called.name, argumentValues(called, node, lowering));
    if (called.movesPacket) lowering.packetMoved();
    if (node.type.kind === "void") return nothing;
    const bits = isScalar(node.type) ? node.type.bits : 64;
    return lowered(bits === 64 ? result : builder.truncate(result, bits));
  },
  interpret: onlyInKernel(called.name),
}));

function resultType({ name, result }: KernelFunction, call: BuiltinCall, typing: Typing): KernelType {
  if (result.kind === "nothing") return voidType;
  if (result.kind === "integer") return scalarTypes[result.type];
  const [syntax] = call.typeArguments;
  const type = syntax && resolveType(syntax, typing.constants);
  if (syntax === undefined || type === undefined) {
    if (result.of === "") throw new Mistake("WEIR1720", call.span, name);
    return kernelType(structureNamed(result.of), result.mayBeNull);
  }
  if (type.kind !== "kernel" || (result.of !== "" && type.structure.name !== result.of)) {
    const expected = result.of === "" ? "a structure of the kernel" : `struct ${result.of}`;
    throw new Mistake("WEIR1108", syntax.span, expected, typeName(type, typing.layoutNames));
  }
  return kernelType(type.structure, result.mayBeNull);
}

function withQuestion({ arguments: list }: KernelFunction, checked: CheckedCall): CheckedCall {
  const asks = list.some(({ kind }) => kind === "type");
  return asks && checked.type.kind === "kernel" ? { ...checked, asks: checked.type.structure } : checked;
}

function checkArgument(one: KernelFunctionArgument, call: BuiltinCall, index: number, typing: Typing): Expression {
  switch (one.kind) {
    case "integer":
      return typing.value(argument(call, index), scalarTypes[one.type]);
    case "memory":
      return memoryArgument(call, index, typeof one.size === "number" ? one.size : 0, typing);
    case "structure":
      return typing.value(argument(call, index), kernelType(structureNamed(one.of)));
    case "address": {
      const node = typing.expression(argument(call, index), scalarTypes.u64);
      return node.type.kind === "kernel" ? node : typing.value(argument(call, index), scalarTypes.u64);
    }
    default:
      throw new Error(`${one.name} is not said`);
  }
}

function argumentValues(called: KernelFunction, node: BuiltinNode, lowering: FunctionLowering): Value[] {
  const spoken = spokenFunctionArguments(called);
  const values = called.arguments.map((one) => {
    if (one.kind === "context") return () => contextValue(called, node, lowering);
    if (one.kind === "type") return () => askType("type-id", node, lowering);
    return argumentValue(nth(node, spoken.indexOf(one)), lowering);
  });
  return values.map((value) => value());
}

/** Where the program may say which structure its context is to the kernel, it has to say the right one: no verifier looks. */
function contextValue({ result }: KernelFunction, node: BuiltinNode, lowering: FunctionLowering): Value {
  const context = lowering.contextFor(node.span);
  if (result.kind !== "structure" || result.of !== "" || node.type.kind !== "kernel") return context;
  const inKernel = lowering.contextInKernel;
  if (inKernel !== undefined && node.type.structure.name !== inKernel) {
    throw new Mistake("WEIR1108", node.span, `struct ${inKernel}`, `struct ${node.type.structure.name}`);
  }
  return context;
}
