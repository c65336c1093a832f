import { bytes } from "@weir/bytecode/layout";
import type { Span } from "../source-file.ts";
import type { GlobalDeclaration } from "./constant.ts";
import type { FileDeclarations } from "./file-declarations.ts";
import { unused } from "./global-variable.ts";

/** A text in memory that nobody can write to, with a 0 behind it. The same text lies there once. */
export function textConstant(text: string, span: Span, { globals, texts }: FileDeclarations): GlobalDeclaration {
  const known = texts.get(text);
  if (known !== undefined) return known;
  const initial = new TextEncoder().encode(`${text}\0`);
  const name = unused(`text_${texts.size + 1}`, new Set([...globals].map((global) => global.name)));
  const global = Object.freeze({ name, section: ".rodata", layout: bytes(initial.length), initial, span } as const);
  globals.add(global);
  texts.set(text, global);
  return global;
}
