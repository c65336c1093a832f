import type { CodeAction, CodeFunction } from "../code/code.ts";
import { CodegenError } from "../codegen-error.ts";

/** `MAX_BPF_STACK`: of all functions that are called at once. */
const STACK_SIZE = 512;
/** What the verifier rounds the stack of each function up to; the least is one unit. */
const UNIT = 32;

/** Refuses a program that needs more stack than there is on some way through its calls. */
export function checkCallStack(functions: ReadonlyMap<string, CodeFunction>, name: string): void {
  const needed = depthOf(name, functions);
  const program = functions.get(name);
  if (functions.size === 1 || needed <= STACK_SIZE) return;
  throw new CodegenError(
    `${name} needs ${needed} bytes of stack at once with the functions that it calls, the kernel has ${STACK_SIZE}`,
    program?.position,
  );
}

/** The function that is called; one whose address is taken the helper calls. */
function usedFunction(code: CodeAction): string | undefined {
  if (code.kind === "function") return code.name;
  return code.kind === "call" && "name" in code.target ? code.target.name : undefined;
}

function depthOf(name: string, functions: ReadonlyMap<string, CodeFunction>): number {
  const code = functions.get(name);
  if (code === undefined) return 0;
  const called = code.blocks.flatMap((block) => block.code.flatMap((each) => usedFunction(each) ?? []));
  const own = Math.ceil(Math.max(code.frame, 1) / UNIT) * UNIT;
  return own + Math.max(0, ...[...new Set(called)].map((each) => depthOf(each, functions)));
}
