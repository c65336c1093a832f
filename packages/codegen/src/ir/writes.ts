import type { IrFunction } from "./function.ts";
import { type KernelCallee, kernelCallee } from "./kernel-callee.ts";
import type { SourcePosition } from "./position.ts";
import { settle } from "./settle.ts";
import type { Value } from "./value.ts";

/** A place where memory is written, and what addresses of it were computed from. */
interface Write {
  readonly position: SourcePosition | undefined;
  readonly origins: ReadonlySet<Value>;
}

/** The values of a map, or what lies behind the address that is a parameter. */
export type WrittenMemory = { readonly map: string } | { readonly parameter: number };

/**
 * Where a function writes to some memory, itself or through a function that it gives the address to.
 *
 * @param writing by what is called of the kernel, which of its arguments it writes to
 */
export function writesInto(
  functions: ReadonlyMap<string, IrFunction>,
  name: string,
  memory: WrittenMemory,
  writing: ReadonlyMap<KernelCallee, readonly number[]>,
): readonly SourcePosition[] {
  const isThere = ({ operation }: Value) =>
    "map" in memory
      ? operation.kind === "map" && operation.of === "value" && operation.map === memory.map
      : operation.kind === "parameter" && operation.index === memory.parameter;
  const found = new Set<SourcePosition>();
  for (const { position, origins } of new WriteFinder(functions, writing).writes(name)) {
    if (position !== undefined && [...origins].some(isThere)) found.add(position);
  }
  return [...found];
}

class WriteFinder {
  readonly #functions: ReadonlyMap<string, IrFunction>;
  readonly #writing: ReadonlyMap<KernelCallee, readonly number[]>;
  readonly #parameters = new Map<string, readonly number[]>();

  constructor(functions: ReadonlyMap<string, IrFunction>, writing: ReadonlyMap<KernelCallee, readonly number[]>) {
    this.#functions = functions;
    this.#writing = writing;
  }

  writes(name: string): readonly Write[] {
    const irFunction = this.#functions.get(name);
    if (irFunction === undefined) return [];
    settle(irFunction);
    return irFunction.blocks.flatMap(({ values }) =>
      values.flatMap((value) =>
        this.#written(value).map((address) => ({ position: value.position, origins: originsOf(address) })),
      ),
    );
  }

  /** The addresses that an operation writes behind. */
  #written({ operation, operands }: Value): readonly Value[] {
    switch (operation.kind) {
      case "store":
      case "atomic":
        return operands.slice(0, 1);
      case "call-helper":
      case "call-kernel-function":
        return operands.filter((_, index) => this.#writing.get(kernelCallee(operation) ?? "")?.includes(index));
      case "call-function":
        return operands.filter((_, index) => this.#writtenParameters(operation.name).includes(index));
      default:
        return [];
    }
  }

  /** Which of its parameters a function writes behind. */
  #writtenParameters(name: string): readonly number[] {
    let known = this.#parameters.get(name);
    if (known === undefined) {
      const origins = this.writes(name).flatMap((write) => [...write.origins]);
      known = origins.flatMap(({ operation }) => (operation.kind === "parameter" ? [operation.index] : []));
      this.#parameters.set(name, known);
    }
    return known;
  }
}

/** The leaves and loads that an address was computed from by additions. */
function originsOf(address: Value): ReadonlySet<Value> {
  const origins = new Set<Value>();
  const seen = new Set<Value>();
  const work = [address];
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    const at = value.current;
    if (seen.has(at)) continue;
    seen.add(at);
    const { operation } = at;
    if (operation.kind === "phi" || (operation.kind === "binary" && operation.operator === "add"))
      work.push(...at.operands);
    else origins.add(at);
  }
  return origins;
}
