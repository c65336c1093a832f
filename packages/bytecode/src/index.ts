/**
 * eBPF as pure data: instructions, objects, BTF. Nothing here needs Linux or Node.
 *
 * @module
 */
export * from "./assemble.ts";
export * from "./btf/index.ts";
export { withConfig, withMap, withMapSizes } from "./configure.ts";
export { type DisassembleOptions, disassemble, disassembleOne } from "./disassemble.ts";
export * from "./elf/index.ts";
export { decodeInstructions, encodeInstructions, SLOT_SIZE } from "./encoding.ts";
export type {
  AluOperation,
  AtomicOperation,
  Comparison,
  Effect,
  Form,
  OperandField,
  OperandKind,
  WideConstant,
  Width,
} from "./form.ts";
export { type FunctionCode, functionCodes } from "./functions/function-code.ts";
export { type AddedCode, functionsFor, withFunctions } from "./functions/with-functions.ts";
export { type HelperName, helperName, helperNumber } from "./helpers/number.ts";
export type { Instruction } from "./instruction.ts";
export { type InvalidInstruction, invalidInstructions } from "./invalid-instructions.ts";
export { kernelVersion } from "./kernel-version.ts";
export {
  disassembleProgram,
  type ListedInstruction,
  listProgram,
  sourceText,
} from "./list-program.ts";
export { isPerCpu, mapTypeNumbers, mapTypeOf } from "./map-types.ts";
export { ObjectError } from "./object-error.ts";
export { formOf, forms, WIDE_LOAD } from "./opcodes.ts";
export { programTypeOf, takesFrags } from "./program-type.ts";
export { referenceName } from "./reference-name.ts";
export * from "./relocation/index.ts";
export { lineAt, type SourcePosition, sourcePosition } from "./source-position.ts";
export type {
  ConfigSpec,
  FunctionInfo,
  InlinedCall,
  KernelFunctionReference,
  KernelTypeRelocation,
  LineInfo,
  MapEntry,
  MapSpec,
  MapType,
  ObjectSpec,
  ProgramSpec,
  ProgramType,
  Reference,
  SourceLine,
} from "./spec.ts";
export { relocationQuestions } from "./spec.ts";
export { type FunctionStack, stackUse } from "./stack-use.ts";
export { type GlobalVariable, globalVariables, withVariables } from "./variables.ts";
