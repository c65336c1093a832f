import { uptime } from "node:os";
import { type Effect, formOf, type Instruction, type ProgramSpec, parseBtf, type Reference } from "@weir/bytecode";
import {
  BpfMap,
  BpfProgram,
  findInterface,
  interfaces,
  type LinkInfo,
  links,
  objectMemory,
  openPinnedObject,
  programCode,
  programDetails,
  readBtf,
} from "@weir/kernel";
import { ifFound } from "../if-found.ts";
import { inspectCode } from "./inspect-code.ts";
import { inspectMap } from "./inspect-map.ts";
import type { InspectedCode, InspectedMap, LiveProgram } from "./inspected.ts";
import { kernelSymbols } from "./kernel-symbols.ts";

/**
 * A program in the kernel, by its id: what it is, where it runs, and its code as the verifier left it.
 *
 * @example
 * ```ts
 * import { inspectProgram } from "@weir/engine/development";
 *
 * inspectProgram(42).attachedTo; // ["eth0 (XDP)"]
 * ```
 * Since Linux 5.8.
 * @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_PERMISSION`
 */
export function inspectProgram(id: number): LiveProgram {
  using program = BpfProgram.byId(id);
  return describe(program);
}

/**
 * What is pinned at a path: a program, also by its link, or a map.
 *
 * @example
 * ```ts
 * import { inspectPinned } from "@weir/engine/development";
 *
 * const found = inspectPinned("/sys/fs/bpf/drop");
 * if (found.kind === "program") console.log(found.program.tag);
 * ```
 * @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_PERMISSION`
 */
export function inspectPinned(
  path: string,
): { readonly kind: "program"; readonly program: LiveProgram } | { readonly kind: "map"; readonly map: InspectedMap } {
  const pinned = openPinnedObject(path);
  if (pinned.kind === "map") {
    using map = pinned.map;
    return { kind: "map", map: inspectMap(map) };
  }
  using program = pinned.program;
  return { kind: "program", program: describe(program) };
}

function describe(program: BpfProgram): LiveProgram {
  const { id, tag, runs, runNanoseconds, verifiedInstructions } = program.info();
  const { type, machineSize, loadedAt, userId, mapIds, btfId } = programDetails(program);
  const maps = mapIds.flatMap((mapId) => mapById(mapId) ?? []);
  const code = programCode(program);
  const types = btfId === 0 ? undefined : readBtf(btfId);
  const name = wholeName(program.name, types, code.functions[0]?.type);
  const spec: ProgramSpec = {
    name,
    section: "",
    // What it is called for is not asked here; its code is.
    type: "xdp",
    frags: false,
    ...code,
    references: references(code.instructions, maps),
  };
  return {
    id,
    name,
    tag,
    type,
    machineSize,
    memory: objectMemory(program.descriptor),
    verifiedInstructions,
    runs,
    runNanoseconds,
    loadedAt: timeOf(loadedAt),
    userId,
    maps,
    attachedTo: places(id),
    ...withNamedCalls(inspectCode(spec, types)),
  };
}

/** To the second: the system's uptime is not known better. */
function timeOf(sinceStart: bigint): Date {
  const seconds = Date.now() / 1000 - uptime() + Number(sinceStart) / 1e9;
  return new Date(Math.round(seconds) * 1000);
}

/** The number in a call is a distance here, and no number of a helper. */
function withNamedCalls(code: InspectedCode): InspectedCode {
  const listing = code.listing.map(({ note, ...rest }) => {
    if (note === undefined) return rest;
    return /^call \S+#/.test(rest.text) ? { ...rest, text: `call ${note}` } : { ...rest, note };
  });
  return { ...code, listing };
}

/** The kernel keeps 15 characters of a program's name; the types have all of it. */
function wholeName(name: string, types: Uint8Array | undefined, type: number | undefined): string {
  const described = types === undefined || type === undefined ? undefined : parseBtf(types).type(type);
  return described?.kind === "function" && described.name.startsWith(name) ? described.name : name;
}

/** What the instructions refer to: maps by their ids, functions of the kernel by their distance from a certain one. */
function references(instructions: readonly Instruction[], maps: readonly InspectedMap[]): Reference[] {
  const names = new Map(maps.map((map) => [map.id, map.name]));
  const effects = instructions.map((instruction) => formOf(instruction)?.effect);
  const calls = instructions.filter((_, slot) => isHelperCall(effects[slot]));
  const symbols = kernelSymbols(new Set(calls.map(({ immediate }) => immediate)));
  return instructions.flatMap((instruction, slot): Reference[] => {
    const effect = effects[slot];
    if (isHelperCall(effect)) {
      const name = symbols.get(instruction.immediate);
      return name === undefined ? [] : [{ kind: "kernel-function", slot, name, optional: false }];
    }
    const map = effect?.kind === "load64" && effect.of !== "constant" ? names.get(instruction.immediate) : undefined;
    if (map === undefined) return [];
    const offset = instructions[slot + 1]?.immediate ?? 0;
    return effect?.kind === "load64" && effect.of === "map-value"
      ? [{ kind: "map-value", slot, map, offset }]
      : [{ kind: "map", slot, map }];
  });
}

const isHelperCall = (effect: Effect | undefined): boolean => effect?.kind === "call" && effect.target === "helper";

/** Undefined for a map that has gone meanwhile. */
function mapById(id: number): InspectedMap | undefined {
  using map = ifFound(() => BpfMap.byId(id));
  return map && ifFound(() => inspectMap(map));
}

/** Where a program runs: by links in all network namespaces, and by netlink in this one. */
function places(id: number): string[] {
  const linked = [...links()].filter(({ programId }) => programId === id);
  const indices = new Set(linked.map(({ interfaceIndex }) => interfaceIndex));
  const byNetlink = interfaces().filter(
    ({ index, xdp }) => xdp.some(({ programId }) => programId === id) && !indices.has(index),
  );
  return [...linked.map(linkPlace), ...byNetlink.map(({ name }) => `${name} (XDP, by netlink)`)];
}

function linkPlace({ type, interfaceIndex, place, programId }: LinkInfo): string {
  const words = [type, ...(place === undefined ? [] : [place])].join(" ");
  if (interfaceIndex === undefined) return words;
  if (interfaceIndex === 0) return `an interface that is gone (${words})`;
  const name = interfaceName(interfaceIndex, type === "XDP" ? programId : undefined);
  return `${name ?? `interface ${interfaceIndex} of another network namespace`} (${words})`;
}

/** Undefined when no interface here has that index, or one that has another program: each namespace counts for itself. */
function interfaceName(index: number, xdpProgram: number | undefined): string | undefined {
  const found = ifFound(() => findInterface(index));
  if (found === undefined || xdpProgram === undefined) return found?.name;
  return found.xdp.some(({ programId }) => programId === xdpProgram) ? found.name : undefined;
}
