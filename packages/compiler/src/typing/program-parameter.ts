import type { Constants } from "../constants/constants.ts";
import { resolveType } from "../constants/resolve-type.ts";
import { Mistake } from "../diagnostics/mistake.ts";
import type { ParameterDeclaration } from "../syntax/declaration.ts";
import { contextTypes, isScalar, type KernelType } from "../types/kernel-type.ts";
import type { ProgramKind } from "../types/program-kind.ts";

/** The type of a parameter of a program: what the kernel gives it, which only tracepoints leave to the program to say. */
export function programParameter(
  { given }: ProgramKind,
  { type: syntax, name, span }: ParameterDeclaration,
  constants: Constants,
): KernelType {
  if (given === "packet" || given === "buffer" || given === "socket") return contextTypes[given];
  const type = syntax && resolveType(syntax, constants);
  if (type === undefined) throw new Mistake("WEIR1403", span, name);
  const fits = {
    record: type.kind === "record" && !type.nullable,
    structure: type.kind === "kernel",
    arguments: isScalar(type) || type.kind === "boolean" || type.kind === "kernel",
  };
  if (!fits[given]) throw new Mistake("WEIR1705", span, name, expected[given]);
  return type;
}

const expected = {
  record: "a record, as the tracepoint's format has it",
  structure: "a structure of the kernel",
  arguments: "an integer, a boolean or a structure of the kernel",
};
