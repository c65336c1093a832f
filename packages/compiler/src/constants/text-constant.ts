import { bytes } from "@weir/bytecode/layout";
import type { Span } from "../source-file.ts";
import type { GlobalDeclaration } from "./constant.ts";
import type { FileDeclarations } from "./file-declarations.ts";

/** A text in memory that nobody can write to, with a 0 behind it. The same text lies there once. */
export function textConstant(text: string, span: Span, { globals }: FileDeclarations): GlobalDeclaration {
  const initial = new TextEncoder().encode(`${text}\0`);
  const texts = [...globals].filter(({ name }) => name.startsWith(PREFIX));
  const known = texts.find(
    (one) => one.initial.length === initial.length && one.initial.every((byte, at) => byte === initial[at]),
  );
  if (known !== undefined) return known;
  const name = `${PREFIX}${texts.length + 1}`;
  const global = Object.freeze({ name, section: ".rodata", layout: bytes(initial.length), initial, span } as const);
  globals.add(global);
  return global;
}

const PREFIX = "text_";
