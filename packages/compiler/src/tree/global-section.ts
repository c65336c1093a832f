import type { GlobalDeclaration } from "../constants/constant.ts";

/** Global variables that lie together, as the only value of a map. */
export interface GlobalSection {
  readonly name: GlobalDeclaration["section"];
  /** Bytes. */
  readonly size: number;
  readonly variables: readonly { readonly global: GlobalDeclaration; readonly offset: number }[];
}

/** Records and arrays begin at multiples of it, packed ones too, as the values of maps do: atomic instructions need that. */
const WORD = 8;

/** The sections of a file's variables, each integer at a multiple of its size. */
export function globalSections(globals: Iterable<GlobalDeclaration>): readonly GlobalSection[] {
  const sections: GlobalSection[] = [];
  const all = [...globals];
  for (const name of [".rodata", ".data", ".bss"] as const) {
    let size = 0;
    const variables = all
      .filter(({ section }) => section === name)
      .map((global) => {
        const alignment = global.layout.kind === "scalar" ? global.layout.alignment : WORD;
        const offset = Math.ceil(size / alignment) * alignment;
        size = offset + global.layout.size;
        return { global, offset };
      });
    if (variables.length > 0) sections.push(Object.freeze({ name, size, variables }));
  }
  return sections;
}

/** What a section holds when the program is loaded. */
export function contentsOf({ size, variables }: GlobalSection): Uint8Array {
  const contents = new Uint8Array(size);
  for (const { global, offset } of variables) contents.set(global.initial, offset);
  return contents;
}
