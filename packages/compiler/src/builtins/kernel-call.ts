import type { MemoryAccess } from "@weir/bytecode/helpers";
import type { FunctionBuilder, Value } from "@weir/codegen";
import { Mistake } from "../diagnostics/mistake.ts";
import { onlyInKernel } from "../interpreter/kernel-only-error.ts";
import type { FunctionLowering } from "../lowering/function-lowering.ts";
import { lowered, nothing } from "../lowering/lowered.ts";
import type { BuiltinNode } from "../tree/call.ts";
import { isScalar } from "../types/kernel-type.ts";
import type { Builtin } from "./builtin.ts";
import { argumentValue } from "./call-argument.ts";
import { nth } from "./nth.ts";

/** What the tables know alike of helpers and of functions of the kernel. */
interface Called<Argument> {
  readonly name: string;
  readonly arguments: readonly Argument[];
  readonly movesPacket: boolean;
  readonly releases?: boolean;
}

interface CallForm<Argument> {
  /** What a program says. */
  readonly spoken: readonly Argument[];
  readonly check: Builtin["check"];
  /** What goes along unsaid. */
  unsaid(one: Argument, node: BuiltinNode, lowering: FunctionLowering): Value;
  call(values: readonly Value[], builder: FunctionBuilder): Value;
}

/** Something that the kernel has and that programs call by its own name. */
export function kernelCall<Argument extends { readonly kind: string; readonly access?: MemoryAccess }>(
  called: Called<Argument>,
  { spoken, check, unsaid, call }: CallForm<Argument>,
): Builtin {
  const { name, movesPacket } = called;
  return {
    name,
    inMemory: spoken.flatMap((one, index) => (one.kind === "memory" && one.access !== "read" ? index : [])),
    ...(movesPacket && { movesPacket }),
    ...(called.arguments.some(({ kind }) => kind === "context") && { takesContext: true }),
    ...(called.releases && { releases: true }),
    check,
    lower(node, lowering) {
      const { builder } = lowering;
      if (movesPacket && !lowering.mayMovePacket) throw new Mistake("WEIR1503", node.span, name);
      const values = called.arguments.map((one) => {
        const at = spoken.indexOf(one);
        return at < 0 ? () => unsaid(one, node, lowering) : argumentValue(nth(node, at), lowering);
      });
      const result = call(
        values.map((value) => value()),
        builder,
      );
      if (movesPacket) lowering.packetMoved();
      if (node.type.kind === "void") return nothing;
      const bits = isScalar(node.type) ? node.type.bits : 64;
      return lowered(bits === 64 ? result : builder.truncate(result, bits));
    },
    interpret: onlyInKernel(name),
  };
}
