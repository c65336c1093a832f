import type { IrFunction } from "./function.ts";
import { type KernelCallee, kernelCallee } from "./kernel-callee.ts";
import type { SourcePosition } from "./position.ts";

/** A call of something of the kernel. */
export interface KernelCall {
  readonly callee: KernelCallee;
  readonly position: SourcePosition | undefined;
}

/** What a function calls of the kernel, itself or through the functions that it calls or gives to helpers, in code that can be reached. */
export function kernelCalls(functions: ReadonlyMap<string, IrFunction>, name: string): readonly KernelCall[] {
  const found: KernelCall[] = [];
  const seen = new Set<string>();
  const work = [name];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const { values } of functions.get(next)?.blocks ?? []) {
      for (const { operation, operands, position } of values) {
        for (const operand of operands) if (operand.operation.kind === "function") work.push(operand.operation.name);
        const callee = kernelCallee(operation);
        if (callee !== undefined) found.push({ callee, position });
        else if (operation.kind === "call-function") work.push(operation.name);
      }
    }
  }
  return found;
}
