/**
 * Kernel programs in TypeScript, compiled to eBPF objects.
 *
 * @module
 */
export { PASS_NAMES, type PassName } from "@weir/codegen";
export { type CheckResult, type CompileOptions, type CompileResult, check, compile, Source } from "./compile.ts";
export type { Diagnostic, Note } from "./diagnostics/diagnostic.ts";
export { formatDiagnostics } from "./diagnostics/format.ts";
export { Interpreter, type Surroundings } from "./interpreter/interpreter.ts";
export { kernelTypes, UnknownKernelType } from "./kernel-types/kernel-types.ts";
export type { SourceFile, Span } from "./source-file.ts";
