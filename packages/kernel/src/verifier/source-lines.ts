import {
  type Btf,
  type LineInfo,
  lineAt,
  type ProgramSpec,
  parseBtf,
  type SourcePosition,
  sourcePosition,
} from "@weir/bytecode";

/** A call that led to a position: of a function that became part of its caller, or of one that is called. */
export interface SourceCall {
  /** Name of the function that was called; undefined where nothing names it. */
  readonly function: string | undefined;
  /** Where it is called. */
  readonly position: SourcePosition;
}

/** Where the instructions of a program come from. */
export class SourceLines {
  readonly #spec: ProgramSpec;
  readonly #btf: Btf | undefined;

  constructor(spec: ProgramSpec, btf: Uint8Array | undefined) {
    this.#spec = spec;
    this.#btf = btf && parseBtf(btf);
  }

  /** The position that line info gives an instruction: that of the last entry at or before it that names a line. */
  position(slot: number): SourcePosition | undefined {
    const info = this.#info(slot);
    return info && this.#position(info);
  }

  /** The calls of functions that became part of their callers, the innermost first. */
  inlined(slot: number): SourceCall[] {
    const calls: SourceCall[] = [];
    for (let call = this.#info(slot)?.inlined; call !== undefined; call = call.inlined) {
      const position = this.#position(call);
      if (position !== undefined) calls.push({ function: this.#btf?.string(call.functionOffset), position });
    }
    return calls;
  }

  /** The name of the function that an instruction is in. */
  functionName(slot: number): string | undefined {
    const info = this.#spec.functions.findLast((candidate) => candidate.slot <= slot);
    const type = info && this.#btf?.type(info.type);
    return type?.kind === "function" ? type.name : undefined;
  }

  #info(slot: number): LineInfo | undefined {
    return lineAt(this.#spec.lines, slot);
  }

  #position(info: Omit<LineInfo, "slot">): SourcePosition | undefined {
    return this.#btf && sourcePosition(this.#btf, info);
  }
}
