import {
  type Btf,
  type Instruction,
  type KernelFunctionReference,
  type ProgramSpec,
  poison,
  type Reference,
  type RelocatedProgram,
} from "@weir/bytecode";
import { type KernelFunctionPlace, kernelFunctionPlace } from "../system/kernel-functions.ts";
import { BPF_PSEUDO_BTF_ID, BPF_PSEUDO_KFUNC_CALL, BPF_PSEUDO_MAP_FD, BPF_PSEUDO_MAP_VALUE } from "../uapi/macros.ts";
import type { LoadContext } from "./load-program.ts";
import type { ProgramModules } from "./program-modules.ts";

/**
 * A program's instructions with what only the running kernel knows: descriptors of live maps, numbers of the kernel's functions,
 * and what depends on its types.
 *
 * @param modules is told which modules the program calls
 * @throws {RangeError} for maps and instructions that do not exist
 * @throws {ObjectError} for CO-RE relocations that make no sense
 * @throws {KernelError} `WEIR_NOT_SUPPORTED` when the kernel lacks a function that the program does not do without
 */
export function resolveReferences(spec: ProgramSpec, context: LoadContext, modules: ProgramModules): RelocatedProgram {
  const places = functionPlaces(spec, context);
  const { instructions, missing } = withKernelTypes(spec, context, places.values());
  const lacking = new Map(missing);
  for (const reference of spec.references) {
    switch (reference.kind) {
      case "map":
      case "map-value":
        resolveMap(spec, instructions, reference, context);
        break;
      case "kernel-function":
        if (!resolveFunction(instructions, reference, places.get(reference.slot), modules)) {
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

/** Where the functions are that the program refers to, by the slot; without those that may be missing and are. */
function functionPlaces(spec: ProgramSpec, { btf }: LoadContext): ReadonlyMap<number, KernelFunctionPlace> {
  const places = new Map<number, KernelFunctionPlace>();
  for (const reference of spec.references) {
    if (reference.kind !== "kernel-function") continue;
    const { slot, name, optional } = reference;
    if (spec.instructions[slot] === undefined || btf === undefined) {
      throw new RangeError(
        `program "${spec.name}" refers to the kernel's function "${name}" at ${slot}: no such thing`,
      );
    }
    const place = kernelFunctionPlace(name, btf.types, optional);
    if (place !== undefined) places.set(slot, place);
  }
  return places;
}

function withKernelTypes(
  spec: ProgramSpec,
  { btf }: LoadContext,
  places: Iterable<KernelFunctionPlace>,
): RelocatedProgram {
  const isNeeded = spec.references.some((reference) => reference.kind === "kernel-type");
  if (!isNeeded) return { instructions: [...spec.instructions], missing: new Map() };
  if (btf === undefined) throw new RangeError(`program "${spec.name}" asks for types, and its object describes none`);
  const called = new Set<Btf>();
  for (const { module } of places) if (module !== undefined) called.add(module.btf);
  return btf.relocator.relocate(spec, [...called]);
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
  instructions: Instruction[],
  { slot }: KernelFunctionReference,
  place: KernelFunctionPlace | undefined,
  modules: ProgramModules,
): boolean {
  const [instruction, next] = [instructions[slot], instructions[slot + 1]];
  // Looked at when its place was looked for.
  if (instruction === undefined) return false;
  const module = place?.module?.name;
  const isAddress = next?.opcode === 0;
  if (isAddress) {
    // An address of 0 says that there is no such function, and code that asks can do without.
    const source = place === undefined ? 0 : BPF_PSEUDO_BTF_ID;
    instructions[slot] = { ...instruction, source, immediate: place?.id ?? 0 };
    const descriptor = module === undefined ? 0 : modules.descriptor(module).number;
    instructions[slot + 1] = { ...next, immediate: descriptor };
    return true;
  }
  if (place === undefined) {
    poison(instructions, slot);
    return false;
  }
  const offset = module === undefined ? 0 : modules.index(module);
  instructions[slot] = { ...instruction, source: BPF_PSEUDO_KFUNC_CALL, offset, immediate: place.id };
  return true;
}
