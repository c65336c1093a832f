import type { InlinedCall, SourcePosition } from "@weir/codegen";
import type { Span } from "../source-file.ts";

/** A position that knows the text that it was made for. */
interface OfText extends SourcePosition {
  readonly span: Span;
}

/** The positions of one function's code, one for each text that code comes from. */
export class Positions {
  readonly #inlined: InlinedCall | undefined;
  readonly #known = new Map<Span, OfText>();

  /** @param inlined the call by which the function became part of another; undefined when it did not */
  constructor(inlined: InlinedCall | undefined) {
    this.#inlined = inlined;
  }

  of(span: Span): SourcePosition {
    let known = this.#known.get(span);
    if (known === undefined) {
      const { line, column } = span.file.place(span.start);
      const place = { file: span.file.name, line, column, text: span.file.line(line), span };
      known = this.#inlined === undefined ? place : { ...place, inlined: this.#inlined };
      this.#known.set(span, known);
    }
    return known;
  }
}

/** The text that a position was made for. */
export const spanOf = (at: SourcePosition): Span | undefined => ("span" in at ? (at as OfText).span : undefined); // Only `of` adds it.
