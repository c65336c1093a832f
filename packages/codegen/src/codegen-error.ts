import type { SourcePosition } from "./ir/position.ts";

/** A function that cannot become eBPF code, whatever the registers: it needs too much stack, or is too long. */
export class CodegenError extends Error {
  readonly code = "WEIR_CODEGEN";
  readonly position: SourcePosition | undefined;

  constructor(message: string, position: SourcePosition | undefined) {
    super(message);
    this.name = "CodegenError";
    this.position = position;
  }
}
