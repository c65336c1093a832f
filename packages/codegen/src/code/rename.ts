import type { CodeAction, CodeEnd, CodeFunction, Right } from "./code.ts";
import type { Register } from "./register.ts";

type Rename = (register: Register) => Register;

/** The same instruction with other registers; itself when they are the same. */
export function renamed<C extends CodeAction>(code: C, rename: Rename): C {
  const changes: Partial<Record<"to" | "from" | "base" | "value", Register>> & { right?: Right } = {};
  let changed = false;
  const other = (register: Register): Register => {
    const name = rename(register);
    changed ||= name !== register;
    return name;
  };
  if ("to" in code) changes.to = other(code.to);
  if ("from" in code) changes.from = other(code.from);
  if ("base" in code) changes.base = other(code.base);
  if (code.kind === "atomic") changes.value = other(code.value);
  if ("right" in code) changes.right = renamedRight(code.right, other);
  return changed ? { ...code, ...changes } : code;
}

export function renamedEnd(end: CodeEnd, rename: Rename): CodeEnd {
  if (end.kind !== "branch") return end;
  return { ...end, left: rename(end.left), right: renamedRight(end.right, rename) };
}

function renamedRight(right: Right, rename: Rename): Right {
  return "register" in right ? { register: rename(right.register) } : right;
}

/** Gives the registers of a function other names; moves of a register to itself go. */
export function renameRegisters(code: CodeFunction, rename: Rename): void {
  for (const block of code.blocks) {
    block.code = block.code
      .map((instruction) => renamed(instruction, rename))
      .filter((instruction) => instruction.kind !== "move" || instruction.to !== instruction.from);
    block.end = renamedEnd(block.end, rename);
  }
}
