import { type KernelFunction, type KernelFunctionArgument, kernelFunctions } from "@weir/bytecode/kernel-functions";
import type { Value } from "@weir/codegen";
import { resolveType } from "../constants/resolve-type.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import { askType } from "../lowering/kernel-field.ts";
import type { BuiltinNode } from "../tree/call.ts";
import type { Expression } from "../tree/expression.ts";
import { structureNamed } from "../types/kernel-structure.ts";
import { type KernelType, kernelType, voidType } from "../types/kernel-type.ts";
import { scalarTypes } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import type { Typing } from "../typing/typing.ts";
import { argument } from "./arguments.ts";
import type { Builtin, BuiltinCall, CheckedCall } from "./builtin.ts";
import { memoryArgument } from "./call-argument.ts";
import { kernelCall } from "./kernel-call.ts";

/** What a program says: all but the context, and the number of a type, which its type argument says. */
export const spokenFunctionArguments = ({ arguments: list }: KernelFunction): readonly KernelFunctionArgument[] =>
  list.filter(({ kind }) => kind !== "context" && kind !== "type");

/** Functions of the kernel by their own names. */
export const kernelFunctionBuiltins: readonly Builtin[] = [...kernelFunctions.values()].map((called) => {
  const spoken = spokenFunctionArguments(called);
  return kernelCall(called, {
    spoken,
    check: (call, typing) =>
      withQuestion(called, {
        type: resultType(called, call, typing),
        arguments: spoken.map((one, index) => checkArgument(one, call, index, typing)),
      }),
    unsaid: (one, node, lowering) =>
      one.kind === "type" ? askType("type-id", node, lowering) : contextValue(called, node, lowering),
    call: (values, builder) => builder.callKernelFunction(called.name, values),
  });
});

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
