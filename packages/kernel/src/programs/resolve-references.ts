import {
  type Instruction,
  type KernelFunctionReference,
  type ProgramSpec,
  poison,
  type Reference,
  type RelocatedProgram,
} from "@weir/bytecode";
import { kernelFunctionId } from "../system/kernel-types.ts";
import { BPF_PSEUDO_BTF_ID, BPF_PSEUDO_KFUNC_CALL, BPF_PSEUDO_MAP_FD, BPF_PSEUDO_MAP_VALUE } from "../uapi/macros.ts";
import type { LoadContext } from "./load-program.ts";

/**
 * A program's instructions with what only the running kernel knows: descriptors of live maps, numbers of the kernel's functions,
 * and what depends on its types.
 *
 * @throws {RangeError} for maps and instructions that do not exist
 * @throws {ObjectError} for CO-RE relocations that make no sense
 * @throws {KernelError} `WEIR_NOT_SUPPORTED` when the kernel lacks a function that the program does not do without
 */
export function resolveReferences(spec: ProgramSpec, context: LoadContext): RelocatedProgram {
  const { instructions, missing } = withKernelTypes(spec, context);
  const lacking = new Map(missing);
  for (const reference of spec.references) {
    switch (reference.kind) {
      case "map":
      case "map-value":
        resolveMap(spec, instructions, reference, context);
        break;
      case "kernel-function":
        if (!resolveFunction(spec, instructions, reference, context)) {
          lacking.set(reference.slot, `function ${reference.name}`);
        }
        break;
      // Values of config() are immediates already, and types are done.
      case "config":
      case "kernel-type":
    }
  }
  return { instructions, missing: lacking };
}

function withKernelTypes(spec: ProgramSpec, { btf }: LoadContext): RelocatedProgram {
  const isNeeded = spec.references.some((reference) => reference.kind === "kernel-type");
  if (!isNeeded) return { instructions: [...spec.instructions], missing: new Map() };
  if (btf === undefined) throw new RangeError(`program "${spec.name}" asks for types, and its object describes none`);
  return btf.relocator.relocate(spec);
}

function resolveMap(
  spec: ProgramSpec,
  instructions: Instruction[],
  reference: Reference & { readonly kind: "map" | "map-value" },
  { maps }: LoadContext,
): void {
  const { slot } = reference;
  const map = maps.get(reference.map);
  const [instruction, next] = [instructions[slot], instructions[slot + 1]];
  if (map === undefined || instruction === undefined || next === undefined) {
    throw new RangeError(`program "${spec.name}" refers to map "${reference.map}" at ${slot}: no such thing`);
  }
  const isValue = reference.kind === "map-value";
  const source = isValue ? BPF_PSEUDO_MAP_VALUE : BPF_PSEUDO_MAP_FD;
  instructions[slot] = { ...instruction, source, immediate: map.descriptor.number };
  instructions[slot + 1] = { ...next, immediate: isValue ? reference.offset : 0 };
}

/** Puts in the number of a function of the kernel; false when that lacks it, and the instruction must not be reached. */
function resolveFunction(
  spec: ProgramSpec,
  instructions: Instruction[],
  { slot, name, optional }: KernelFunctionReference,
  { btf }: LoadContext,
): boolean {
  const instruction = instructions[slot];
  if (instruction === undefined || btf === undefined) {
    throw new RangeError(`program "${spec.name}" refers to the kernel's function "${name}" at ${slot}: no such thing`);
  }
  const id = kernelFunctionId(name, btf.types, optional);
  const isCall = instructions[slot + 1]?.opcode !== 0;
  if (!isCall) {
    // An address of 0 says that there is no such function, and code that asks can do without.
    const source = id === undefined ? 0 : BPF_PSEUDO_BTF_ID;
    instructions[slot] = { ...instruction, source, immediate: id ?? 0 };
    return true;
  }
  if (id === undefined) {
    poison(instructions, slot);
    return false;
  }
  instructions[slot] = { ...instruction, source: BPF_PSEUDO_KFUNC_CALL, immediate: id };
  return true;
}
