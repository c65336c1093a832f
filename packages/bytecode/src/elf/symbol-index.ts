import { ObjectError } from "../object-error.ts";
import type { CodeTarget } from "./code-section.ts";
import { symbolTypes } from "./format.ts";
import type { ElfImage, ElfSymbol } from "./image.ts";

/** The symbols of a file in the making, by what they stand for. Those of sections and of the kernel's functions are made when asked for. */
export class SymbolIndex {
  readonly #image: ElfImage;
  readonly #sections = new Map<string, number>();
  readonly #symbols = new Map<string, ElfSymbol>();

  constructor(image: ElfImage) {
    this.#image = image;
  }

  addSection(name: string, index: number): void {
    this.#sections.set(name, index);
  }

  add(target: CodeTarget, symbol: ElfSymbol): void {
    this.#symbols.set(keyOf(target), this.#image.addSymbol(symbol));
  }

  /** @param user the section that refers to it, for the message @throws {ObjectError} when there is no such thing */
  of(target: CodeTarget, user: string): ElfSymbol {
    const known = this.#symbols.get(keyOf(target));
    if (known !== undefined) return known;
    const made = this.#make(target);
    if (made === undefined) throw new ObjectError(`section "${user}" refers to an unknown ${describe(target)}`);
    this.add(target, made);
    return made;
  }

  #make(target: CodeTarget): ElfSymbol | undefined {
    if (target.kind === "kernel-function") {
      const binding = target.optional ? "weak" : "global";
      return { name: target.name, section: 0, value: 0, size: 0, type: symbolTypes.none, binding };
    }
    const section = target.kind === "section" ? this.#sections.get(target.name) : undefined;
    if (section === undefined) return undefined;
    return { name: "", section, value: 0, size: 0, type: symbolTypes.section, binding: "local" };
  }
}

function keyOf(target: CodeTarget): string {
  switch (target.kind) {
    case "function":
      return `function ${target.placed.section} ${target.placed.slot}`;
    case "variable":
      return `variable ${target.section} ${target.name}`;
    default:
      return `${target.kind} ${target.name}`;
  }
}

function describe(target: CodeTarget): string {
  return target.kind === "function" ? `function "${target.placed.name}"` : `${target.kind} "${target.name}"`;
}
