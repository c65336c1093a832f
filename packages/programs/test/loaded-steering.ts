import { type ObjectSpec, withMapSizes } from "@weir/bytecode";
import { ArrayMap, type BpfProgram, CpuMap, type LoadedObject, loadObject, PerCpuArrayMap } from "@weir/kernel";
import { CpuNumber, flowTableSizes, Stats, SteeredFrames } from "../src/index.ts";

/** What was given to a target, on all CPUs together. */
export type Steered = Readonly<Record<"packets" | "bytes" | "absent", bigint>>;

/** The steering program for CPUs, or its twin, in the kernel. */
export class LoadedSteering implements Disposable {
  readonly program: BpfProgram;
  readonly cpus: CpuMap;
  readonly #object: LoadedObject;
  readonly #targets: number;

  /** @param slots of both flow tables together for all sections */
  constructor(spec: ObjectSpec, cpus: readonly number[], slots: number) {
    this.#targets = cpus.length;
    const sizes = {
      ...flowTableSizes(slots),
      TARGETS: cpus.length + 1,
      CPUS: Math.max(...cpus) + 1,
      CPU_NUMBERS: cpus.length,
    };
    const sized = withMapSizes(spec, sizes);
    this.#object = loadObject(sized);
    this.cpus = CpuMap.of(this.#object.map("CPUS"));
    const numbers = ArrayMap.of(this.#object.map("CPU_NUMBERS"), { value: CpuNumber });
    for (const [index, number] of cpus.entries()) {
      numbers.set(index, { number });
      this.cpus.set(number, { queueSize: 2048 });
    }
    const found = this.#object.program("xdp_steer");
    if (found.kind === "not found") throw new Error(`the object has no program xdp_steer, but ${found.available}`);
    this.program = found.program;
  }

  /** What was passed on first, then what each target got. */
  targets(): Steered[] {
    const map = PerCpuArrayMap.of(this.#object.map("TARGETS"), { value: SteeredFrames });
    return Array.from({ length: this.#targets + 1 }, (_, index) =>
      map.at(index).reduce<Steered>(
        (sum, part) => ({
          packets: sum.packets + part.packets,
          bytes: sum.bytes + part.bytes,
          absent: sum.absent + part.absent,
        }),
        { packets: 0n, bytes: 0n, absent: 0n },
      ),
    );
  }

  frames(): bigint {
    return PerCpuArrayMap.of(this.#object.map("STATS"), { value: Stats })
      .at(0)
      .reduce((sum, { frames }) => sum + frames, 0n);
  }

  [Symbol.dispose](): void {
    this.cpus[Symbol.dispose]();
    this.#object[Symbol.dispose]();
  }
}
