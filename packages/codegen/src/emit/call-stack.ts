import type { CodeAction, CodeFunction } from "../code/code.ts";
import { CodegenError } from "../codegen-error.ts";

/** `MAX_BPF_STACK`: of all functions that are called at once. */
const STACK_SIZE = 512;
/** What the verifier rounds the stack of each function up to; the least is one unit. */
const UNIT = 32;

/** `MAX_CALL_FRAMES`: of the program, and of the functions that call each other. */
const MOST_FRAMES = 8;

/** Refuses a program that needs more stack than there is, or more frames, on some way through its calls, or through those of what is called later. */
export function checkCallStack(functions: ReadonlyMap<string, CodeFunction>, name: string): void {
  if (functions.size === 1) return;
  const later = [...functions.values()].flatMap(({ blocks }) =>
    blocks.flatMap(({ code }) => code.flatMap((each) => (each.kind === "function" && each.later ? [each.name] : []))),
  );
  for (const root of [name, ...later]) {
    const position = functions.get(root)?.position;
    const frames = deepest(root, functions, () => 1);
    if (frames > MOST_FRAMES) {
      const advice = "write some of them without subprogram, so that they become part of their callers";
      throw new CodegenError(
        `${root} calls functions ${frames - 1} deep, the kernel goes ${MOST_FRAMES - 1} deep; ${advice}`,
        position,
      );
    }
    const needed = deepest(root, functions, ({ frame }) => Math.ceil(Math.max(frame, 1) / UNIT) * UNIT);
    if (needed <= STACK_SIZE) continue;
    throw new CodegenError(
      `${root} needs ${needed} bytes of stack at once with the functions that it calls, the kernel has ${STACK_SIZE}`,
      position,
    );
  }
}

/** The function that is called; one whose address is taken the helper calls, unless that is later. */
function usedFunction(code: CodeAction): string | undefined {
  if (code.kind === "function") return code.later ? undefined : code.name;
  return code.kind === "call" && "name" in code.target ? code.target.name : undefined;
}

/** The most that functions take together which are called at once. */
function deepest(
  name: string,
  functions: ReadonlyMap<string, CodeFunction>,
  taken: (code: CodeFunction) => number,
  known = new Map<string, number>(),
): number {
  const code = functions.get(name);
  if (code === undefined) return 0;
  const before = known.get(name);
  if (before !== undefined) return before;
  const called = code.blocks.flatMap((block) => block.code.flatMap((each) => usedFunction(each) ?? []));
  const most = taken(code) + Math.max(0, ...[...new Set(called)].map((one) => deepest(one, functions, taken, known)));
  known.set(name, most);
  return most;
}
