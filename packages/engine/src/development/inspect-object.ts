import { readFileSync } from "node:fs";
import { ObjectError, type ObjectSpec, type ProgramSpec, parseBtf, readObject } from "@weir/bytecode";
import { loadObject, type VerifierStatistics } from "@weir/kernel";
import { EngineError } from "../errors.ts";
import { inspectCode } from "./inspect-code.ts";
import { inspectMapSpec } from "./inspect-map.ts";
import type { InspectedObject, InspectedProgram } from "./inspected.ts";
import { neededKernel } from "./needed-kernel.ts";

/** How to look at an object file. */
export interface InspectObjectOptions {
  /** Load its programs, without attaching them, to know what the verifier has to do. Needs the rights to load programs. */
  readonly load?: boolean | undefined;
}

/**
 * What is in an object file, whoever compiled it.
 *
 * @example
 * ```ts
 * import { inspectObject } from "@weir/engine/development";
 *
 * inspectObject("drop-port.o").programs.map(({ name, instructions }) => `${name}: ${instructions}`);
 * ```
 * @throws {EngineError} `WEIR_FILE` when it cannot be read, or is no object
 * @throws {KernelError} with `load`, when the kernel refuses it
 */
export function inspectObject(file: string, { load = false }: InspectObjectOptions = {}): InspectedObject {
  const bytes = read(file);
  const object = parse(file, bytes);
  const btf = object.btf && parseBtf(object.btf);
  const statistics = load ? loadStatistics(object) : new Map<string, VerifierStatistics>();
  return {
    license: object.license,
    size: bytes.length,
    configs: [...object.configs.values()].map(({ name, bits, signed, default: value }) => ({
      name,
      bits,
      signed,
      value,
    })),
    maps: [...object.maps.values()].map((map) => inspectMapSpec(map, btf)),
    programs: [...object.programs.values()].map((program) => inspectProgramSpec(program, object, statistics)),
  };
}

function inspectProgramSpec(
  program: ProgramSpec,
  { btf }: ObjectSpec,
  statistics: ReadonlyMap<string, VerifierStatistics>,
): InspectedProgram {
  const { name, section, references } = program;
  const maps = references.flatMap((each) => (each.kind === "map" || each.kind === "map-value" ? [each.map] : []));
  const verifier = statistics.get(name);
  const code = inspectCode(program, btf);
  return {
    name,
    section,
    ...code,
    kernel: neededKernel(program, code.helpers),
    maps: [...new Set(maps)],
    ...(verifier !== undefined && { verifier }),
  };
}

function loadStatistics(spec: ObjectSpec): Map<string, VerifierStatistics> {
  const found = new Map<string, VerifierStatistics>();
  using object = loadObject(spec);
  for (const name of spec.programs.keys()) {
    object.program(name, { onVerified: (statistics) => found.set(name, statistics) });
  }
  return found;
}

function read(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError("WEIR_FILE", `${file} cannot be read: ${reason}`, { cause: error });
  }
}

function parse(file: string, bytes: Uint8Array): ObjectSpec {
  try {
    return readObject(bytes);
  } catch (error) {
    if (!(error instanceof ObjectError)) throw error;
    throw new EngineError("WEIR_FILE", `${file}: ${error.message}`, { cause: error });
  }
}
