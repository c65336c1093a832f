import type { CodeAction, CodeFunction } from "../code/code.ts";
import { CodegenError } from "../codegen-error.ts";

/** `MAX_BPF_STACK`: of all functions that are called at once. */
const STACK_SIZE = 512;
/** What the verifier rounds the stack of each function up to; the least is one unit. */
const UNIT = 32;

/** Refuses a program that needs more stack than there is on some way through its calls, or through those of what is called later. */
export function checkCallStack(functions: ReadonlyMap<string, CodeFunction>, name: string): void {
  if (functions.size === 1) return;
  const later = [...functions.values()].flatMap(({ blocks }) =>
    blocks.flatMap(({ code }) => code.flatMap((each) => (each.kind === "function" && each.later ? [each.name] : []))),
  );
  for (const root of [name, ...later]) {
    const needed = depthOf(root, functions);
    if (needed <= STACK_SIZE) continue;
    throw new CodegenError(
      `${root} needs ${needed} bytes of stack at once with the functions that it calls, the kernel has ${STACK_SIZE}`,
      functions.get(root)?.position,
    );
  }
}

/** The function that is called; one whose address is taken the helper calls, unless that is later. */
function usedFunction(code: CodeAction): string | undefined {
  if (code.kind === "function") return code.later ? undefined : code.name;
  return code.kind === "call" && "name" in code.target ? code.target.name : undefined;
}

function depthOf(name: string, functions: ReadonlyMap<string, CodeFunction>): number {
  const code = functions.get(name);
  if (code === undefined) return 0;
  const called = code.blocks.flatMap((block) => block.code.flatMap((each) => usedFunction(each) ?? []));
  const own = Math.ceil(Math.max(code.frame, 1) / UNIT) * UNIT;
  return own + Math.max(0, ...[...new Set(called)].map((each) => depthOf(each, functions)));
}
