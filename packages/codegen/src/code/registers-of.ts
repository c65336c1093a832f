import type { CodeAction, CodeEnd, Right } from "./code.ts";
import { CALL_CLOBBERED, FRAME, RESULT, type Register } from "./register.ts";

/** The registers that an instruction reads. */
export function usesOf(code: CodeAction): Register[] {
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
      return [];
    case "alu":
      return [code.to, ...ofRight(code.right)];
    case "byte-swap":
      return [code.to];
    case "load":
      return withoutFrame([code.base]);
    case "store":
      return withoutFrame([code.base, ...ofRight(code.right)]);
    case "atomic": {
      const expected = code.operator === "compare-exchange" ? [RESULT] : [];
      return withoutFrame([code.base, code.value, ...expected]);
    }
    case "call":
      return Array.from({ length: code.arguments }, (_, index) => index + 1);
  }
}

/** The registers that an instruction writes, or loses. */
export function definitionsOf(code: CodeAction): readonly Register[] {
  switch (code.kind) {
    case "store":
      return [];
    case "atomic":
      if (code.operator === "compare-exchange") return [RESULT];
      return code.fetch ? [code.value] : [];
    case "call":
      return CALL_CLOBBERED;
    default:
      return [code.to];
  }
}

export function usesOfEnd(end: CodeEnd): Register[] {
  switch (end.kind) {
    case "jump":
      return [];
    case "exit":
      return [RESULT];
    case "branch":
      return [end.left, ...ofRight(end.right)];
  }
}

function ofRight(right: Right): Register[] {
  return "register" in right ? [right.register] : [];
}

function withoutFrame(registers: Register[]): Register[] {
  return registers.filter((register) => register !== FRAME);
}
