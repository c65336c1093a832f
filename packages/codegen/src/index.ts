export { FunctionBuilder } from "./builder/function-builder.ts";
export { ModuleBuilder } from "./builder/module-builder.ts";
export type { Variable } from "./builder/variables.ts";
export type { CompiledProgram, CompileOptions } from "./compile.ts";
export type { Block } from "./ir/block.ts";
export type { BinaryOperator, Comparison, ValueWidth, Width } from "./ir/operation.ts";
export type { SourcePosition } from "./ir/position.ts";
export type { Value } from "./ir/value.ts";
export { PASS_NAMES, type PassName } from "./passes/pass.ts";
