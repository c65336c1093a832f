import type { Instruction } from "./instruction.ts";
import { ObjectError } from "./object-error.ts";
import { WIDE_LOAD } from "./opcodes.ts";
import type { ConfigSpec, MapSpec, ObjectSpec, ProgramSpec } from "./spec.ts";

/**
 * The object with other values for its `config()`s, in the instructions and as the new defaults. The verifier deletes the
 * code that depends on what is false now.
 *
 * @example
 * ```ts
 * loadObject(withConfig(monitor, { limit: 1024, idle_ns: 60_000_000_000n }));
 * ```
 * @throws {RangeError} for a name that the object does not declare, and for a value that does not fit.
 */
export function withConfig(spec: ObjectSpec, values: Readonly<Record<string, bigint | number>>): ObjectSpec {
  const configs = new Map(spec.configs);
  for (const [name, value] of Object.entries(values)) {
    const config = configs.get(name);
    if (config === undefined) throw unknown("config", name, configs.keys());
    configs.set(name, Object.freeze({ ...config, default: checked(config, BigInt(value)) }));
  }
  const programs = new Map<string, ProgramSpec>();
  for (const program of spec.programs.values()) programs.set(program.name, patched(program, configs));
  return Object.freeze({ ...spec, configs, programs });
}

/**
 * The object with another size for one of its maps.
 *
 * @example
 * ```ts
 * loadObject(withMap(monitor, "XDP_CONN_STATS", { maxEntries: 65_536 }));
 * ```
 * @throws {RangeError} for a name that the object does not declare.
 */
export function withMap(spec: ObjectSpec, name: string, changes: Pick<MapSpec, "maxEntries">): ObjectSpec {
  const map = spec.maps.get(name);
  if (map === undefined) throw unknown("map", name, spec.maps.keys());
  return Object.freeze({ ...spec, maps: new Map(spec.maps).set(name, Object.freeze({ ...map, ...changes })) });
}

/**
 * The object with other sizes for several of its maps: entries by the map's name.
 *
 * @example
 * ```ts
 * loadObject(withMapSizes(monitor, { XDP_CONN_STATS: 65_536, XDP_CONN6_STATS: 65_536 }));
 * ```
 * @throws {RangeError} for a name that the object does not declare.
 */
export function withMapSizes(spec: ObjectSpec, sizes: Readonly<Record<string, number>>): ObjectSpec {
  return Object.entries(sizes).reduce((sized, [map, maxEntries]) => withMap(sized, map, { maxEntries }), spec);
}

function unknown(what: string, name: string, names: Iterable<string>): RangeError {
  return new RangeError(`the object has no ${what} "${name}"; it has ${[...names].join(", ") || "none"}`);
}

function checked(config: ConfigSpec, value: bigint): bigint {
  const { name, bits, signed } = config;
  if ((signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)) === value) return value;
  throw new RangeError(`config "${name}" is ${signed ? "i" : "u"}${bits}; ${value} does not fit`);
}

function patched(program: ProgramSpec, configs: ReadonlyMap<string, ConfigSpec>): ProgramSpec {
  const instructions = [...program.instructions];
  for (const reference of program.references) {
    const config = reference.kind === "config" ? configs.get(reference.config) : undefined;
    if (config === undefined) continue;
    const first = instructions[reference.slot];
    if (first === undefined) {
      throw new ObjectError(`program "${program.name}" has no slot ${reference.slot} for config "${config.name}"`);
    }
    const value = BigInt.asUintN(config.bits, config.default);
    instructions[reference.slot] = withImmediate(first, value);
    const second = instructions[reference.slot + 1];
    if (first.opcode === WIDE_LOAD && second) instructions[reference.slot + 1] = withImmediate(second, value >> 32n);
  }
  return Object.freeze({ ...program, instructions: Object.freeze(instructions) });
}

function withImmediate(instruction: Instruction, value: bigint): Instruction {
  return { ...instruction, immediate: Number(BigInt.asIntN(32, value)) };
}
