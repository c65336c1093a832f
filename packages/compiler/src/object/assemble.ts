import {
  BtfBuilder,
  btfOfLayout,
  type ObjectSpec,
  type ProgramSpec,
  type Reference,
  type SourceLine,
  tagRecord,
  withConfig,
} from "@weir/bytecode";
import { declareKernelFunction, kernelFunctions } from "@weir/bytecode/kernel-functions";
import type { CompiledProgram, CompileOptions, SourcePosition } from "@weir/codegen";
import { checkKernelCalls } from "../checks/kernel-calls.ts";
import { checkLocks } from "../checks/locks.ts";
import { checkReadOnlyWrites } from "../checks/read-only-writes.ts";
import { checkReservations } from "../checks/reservations.ts";
import { checkStaleRecords } from "../checks/stale-records.ts";
import { checkTimerMaps } from "../checks/timer-maps.ts";
import type { Reporter } from "../diagnostics/reporter.ts";
import { ModuleLowering } from "../lowering/module-lowering.ts";
import type { FileTree, ProgramTree } from "../tree/program.ts";
import { btfName } from "./btf-name.ts";
import { callbackType } from "./callback-type.ts";
import { functionType } from "./function-type.ts";
import { KernelTypes } from "./kernel-types.ts";
import { mapSpec } from "./map-spec.ts";
import { addMetadata } from "./metadata.ts";
import { sectionSpec } from "./section-spec.ts";

/** Where no file says another: helpers such as `bpf_fib_lookup` ask for it. */
const LICENSE = "Dual MIT/GPL";
/** The oldest kernel that weir runs on. */
const KERNEL = "6.1";

/** How code is made, and for whom. */
export interface AssembleOptions extends CompileOptions {
  /** The oldest Linux that shall take the programs, such as `"5.15"`; 6.1 unless given. */
  readonly kernel?: string;
}

/** Generates the code of all programs of a file and puts it, with what describes it, into an object. */
export function assembleObject(file: FileTree, options: AssembleOptions, reporter: Reporter): ObjectSpec {
  const { license = LICENSE } = file;
  const btf = new BtfBuilder();
  const module = new ModuleLowering(file, new KernelTypes(btf, file.programs));
  for (const program of file.programs) module.program(program);
  const target = { license, kernel: options.kernel ?? KERNEL };
  for (const program of file.programs) checkKernelCalls(program, module, target, reporter);
  for (const name of module.functions) {
    checkStaleRecords(name, module, reporter);
    checkReservations(name, module, reporter);
    checkLocks(name, module, reporter);
    checkReadOnlyWrites(name, module, reporter);
  }
  const compiled = file.programs.map((program) => ({ program, code: module.builder.build(program.name, options) }));
  for (const { program, code } of compiled) checkTimerMaps(program, code, file.maps, reporter);
  for (const name of new Set(compiled.flatMap(({ code }) => code.references.flatMap(kernelFunctionName)))) {
    const called = kernelFunctions.get(name);
    if (called !== undefined) declareKernelFunction(btf, called);
  }
  const used = new Set(compiled.flatMap(({ code }) => code.references.map(mapName)));
  const kept = file.isVariant ? file.maps.filter(({ name }) => used.has(name)) : file.maps;
  const sections = file.isVariant ? file.globals.filter(({ name }) => used.has(name)) : file.globals;
  const maps = new Map(
    [
      ...kept.map((map) => mapSpec(btf, map, file.layoutNames)),
      ...sections.map((section) => sectionSpec(btf, section, file.layoutNames)),
    ].map((spec) => [spec.name, spec]),
  );
  for (const [{ name }, layouts] of module.records) {
    for (const layout of layouts) {
      tagRecord(btf, name, btfOfLayout(btf, layout, btfName(file.layoutNames.get(layout) ?? `${name}_record`)));
    }
  }
  addMetadata(btf, file.metadata);
  const programs = new Map(
    compiled.map(({ program, code }) => [program.name, programSpec(btf, program, code, module, file)]),
  );
  const configs = new Map(
    file.configs.map(({ name, type, initial }) => [
      name,
      Object.freeze({ name, bits: type.bits, signed: type.signed, default: initial }),
    ]),
  );
  const spec: ObjectSpec = { license, maps, programs, configs, btf: btf.build() };
  // Writes the defaults into the instructions.
  return withConfig(spec, Object.fromEntries([...configs.values()].map((config) => [config.name, config.default])));
}

function kernelFunctionName(reference: Reference): readonly string[] {
  return reference.kind === "kernel-function" ? [reference.name] : [];
}

function mapName(reference: Reference): string | undefined {
  return reference.kind === "map" || reference.kind === "map-value" ? reference.map : undefined;
}

function programSpec(
  btf: BtfBuilder,
  program: ProgramTree,
  code: CompiledProgram,
  module: ModuleLowering,
  { layoutNames }: FileTree,
): ProgramSpec {
  return Object.freeze({
    name: program.name,
    section: program.section,
    type: program.kind.type,
    frags: program.frags,
    instructions: code.instructions,
    references: code.references,
    functions: code.functions.map(({ slot, name }) => {
      const isProgram = name === program.name;
      const tree = isProgram ? { ...program.body, name } : module.subprograms.get(name);
      if (tree === undefined) throw new Error(`there is code of ${name}, which is no function`);
      const form = module.callbackForm(name);
      const type =
        form === undefined
          ? functionType(btf, tree, isProgram ? program.kind : undefined, layoutNames)
          : callbackType(btf, tree, form, layoutNames);
      return { slot, type };
    }),
    lines: code.lines.map(({ slot, position }) => ({ slot, ...sourceLine(btf, position) })),
  });
}

function sourceLine(btf: BtfBuilder, { file, text, line, column, inlined }: SourcePosition): SourceLine {
  return {
    fileNameOffset: btf.addString(file),
    lineOffset: btf.addString(text),
    line,
    column,
    ...(inlined !== undefined && {
      inlined: { ...sourceLine(btf, inlined.call), functionOffset: btf.addString(inlined.function) },
    }),
  };
}
