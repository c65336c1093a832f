import type { CodeAction, CodeEnd } from "./code.ts";
import { CALL_CLOBBERED, FRAME, RESULT, type Register } from "./register.ts";

/** In this order. */
const ARGUMENTS: readonly Register[] = [1, 2, 3, 4, 5];
// Asked several times of each instruction of a program: an array less each time is felt.
const NONE: readonly Register[] = [];

/** The registers that an instruction reads. */
export function usesOf(code: CodeAction): readonly Register[] {
  switch (code.kind) {
    case "move":
    case "truncate":
      return [code.from];
    case "constant":
    case "config":
    case "map":
    case "kernel-type":
    case "function":
    case "frame":
      return NONE;
    case "alu":
      return "register" in code.right ? [code.to, code.right.register] : [code.to];
    case "byte-swap":
      return [code.to];
    case "load":
      return code.base === FRAME ? NONE : [code.base];
    case "store":
      if (!("register" in code.right)) return code.base === FRAME ? NONE : [code.base];
      return code.base === FRAME ? [code.right.register] : [code.base, code.right.register];
    case "atomic": {
      const operands = code.base === FRAME ? [code.value] : [code.base, code.value];
      return code.operator === "compare-exchange" ? [...operands, RESULT] : operands;
    }
    case "call":
      return ARGUMENTS.slice(0, code.arguments);
  }
}

/** The registers that an instruction writes, or loses. */
export function definitionsOf(code: CodeAction): readonly Register[] {
  switch (code.kind) {
    case "store":
      return NONE;
    case "atomic":
      if (code.operator === "compare-exchange") return [RESULT];
      return code.fetch ? [code.value] : NONE;
    case "call":
      return CALL_CLOBBERED;
    default:
      return [code.to];
  }
}

export function usesOfEnd(end: CodeEnd): readonly Register[] {
  switch (end.kind) {
    case "jump":
      return NONE;
    case "exit":
      return [RESULT];
    case "branch":
      return "register" in end.right ? [end.left, end.right.register] : [end.left];
  }
}
