import { type HelperName, helperNumber } from "@weir/bytecode";
import { Mistake } from "../diagnostics/mistake.ts";
import { onlyInKernel } from "../interpreter/kernel-only-error.ts";
import { askField, kernelFieldAddress } from "../lowering/kernel-field.ts";
import { lowered } from "../lowering/lowered.ts";
import type { KernelFieldNode } from "../tree/access.ts";
import { booleanType } from "../types/kernel-type.ts";
import { i32, u32 } from "../types/scalar.ts";
import { typeName } from "../types/type-name.ts";
import type { Typing } from "../typing/typing.ts";
import { argument } from "./arguments.ts";
import type { Builtin, BuiltinCall } from "./builtin.ts";
import { sizeOf } from "./maps/in-memory.ts";
import { nth } from "./nth.ts";

function fieldArgument(call: BuiltinCall, index: number, typing: Typing): KernelFieldNode {
  const syntax = argument(call, index);
  const field = typing.expression(syntax);
  if (field.kind === "kernel-field") return field;
  throw new Mistake("WEIR1707", syntax.span);
}

function fieldOf(node: Parameters<Builtin["lower"]>[0], index: number): KernelFieldNode {
  const field = nth(node, index);
  if (field.kind !== "kernel-field")
    throw new Error(`${node.builtin.name} needs a member of a structure of the kernel`);
  return field;
}

/** Copies a member that does not fit into a register. */
function copying(name: string, helper: HelperName): Builtin {
  return {
    name,
    inMemory: 0,
    check(call, typing) {
      const syntax = argument(call, 0);
      const target = typing.expression(syntax);
      if (target.type.kind !== "array" && target.type.kind !== "record") {
        throw new Mistake("WEIR1108", syntax.span, "bytes or a record", typeName(target.type, typing.layoutNames));
      }
      return { type: i32, arguments: [target, fieldArgument(call, 1, typing)] };
    },
    lower(node, lowering) {
      const { builder } = lowering;
      const target = nth(node, 0);
      const to = lowering.address(lowering.place(target));
      const from = kernelFieldAddress(fieldOf(node, 1), lowering);
      const size = builder.constant(64, BigInt(sizeOf(target.type)));
      return lowered(builder.truncate(builder.callHelper(helperNumber(helper), [to, size, from]), 32));
    },
    interpret: onlyInKernel("a structure of the kernel"),
  };
}

export const kernelStructureBuiltins: readonly Builtin[] = [
  copying("kernelCopy", "bpf_probe_read_kernel"),
  copying("kernelText", "bpf_probe_read_kernel_str"),
  {
    name: "fieldExists",
    check: (call, typing) => ({ type: booleanType, arguments: [fieldArgument(call, 0, typing)] }),
    lower: (node, lowering) =>
      lowered(lowering.builder.truncate(askField("field-exists", fieldOf(node, 0), lowering), 32)),
    interpret: onlyInKernel("a structure of the kernel"),
  },
  {
    name: "fieldSize",
    check: (call, typing) => ({ type: u32, arguments: [fieldArgument(call, 0, typing)] }),
    lower: (node, lowering) =>
      lowered(lowering.builder.truncate(askField("field-size", fieldOf(node, 0), lowering), 32)),
    interpret: onlyInKernel("a structure of the kernel"),
  },
];
