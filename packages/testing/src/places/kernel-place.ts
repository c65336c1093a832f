import type { MapSpec, ObjectSpec, ProgramSpec } from "@weir/bytecode";
import type { Input, Machine } from "@weir/bytecode/machine";
import { type BpfProgram, type LoadedObject, loadObject, PerfEventArray, ProgramArray, RingBuffer } from "@weir/kernel";
import { bloomFilter, keyedMap, putMap, queueMap, setTarget } from "./kernel-maps.ts";
import type { FilterBytes, KeyedBytes, PlaceOutcome, QueueBytes, TestPlace } from "./place.ts";

/** Takes what programs have put out. */
interface Reader {
  drain(handle: (event: Uint8Array) => void): number;
}

/** Runs programs in the kernel, with `BPF_PROG_TEST_RUN`: nothing is attached, received or sent. Needs root. */
export class KernelPlace implements TestPlace {
  readonly name = "kernel";
  readonly #object: LoadedObject;
  readonly #programs = new Map<string, BpfProgram>();
  readonly #opened = new DisposableStack();
  readonly #readers = new Map<string, Reader>();

  constructor(object: ObjectSpec) {
    this.#object = this.#opened.use(loadObject(object));
    try {
      // A perf event array takes nothing before somebody listens.
      for (const [name, map] of this.#object.maps) {
        if (map.info.type === "ring-buffer") this.#readers.set(name, this.#opened.use(RingBuffer.of(map)));
        if (map.info.type === "perf-event-array") this.#readers.set(name, this.#opened.use(new PerfEventArray(map)));
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  get machine(): Machine {
    throw new Error(
      "only the machine's clock, CPUs and surroundings can be set, and this test runs in the kernel: " +
        'leave it out there with test.skipIf(testsRunIn() === "kernel")',
    );
  }

  run(spec: ProgramSpec, { packet, metadata, ingressInterface, receiveQueue, ...others }: Input): PlaceOutcome {
    const around = { metadata, ingressInterface, receiveQueue };
    const unsupported = Object.keys(spec.type === "xdp" ? others : { ...given(around), ...others });
    if (unsupported.length > 0) {
      throw new Error(`the kernel cannot be told what "${spec.name}" finds around it: ${unsupported.join(", ")}`);
    }
    if (packet === undefined) {
      throw new Error(
        `the kernel runs programs on packets only: "${spec.name}", of type ${spec.type}, runs in the machine`,
      );
    }
    const arrival = spec.type === "xdp" ? { arrival: given(around) } : {};
    const outcome = this.#program(spec.name).testRun({ data: packet, ...arrival });
    return { result: outcome.verdict | 0, packet: outcome.data, metadata: outcome.metadata, redirect: undefined };
  }

  keyed({ name }: MapSpec): KeyedBytes {
    return keyedMap(this.#object.map(name), this.#opened);
  }

  queue({ name }: MapSpec): QueueBytes {
    return queueMap(this.#object.map(name), this.#opened);
  }

  filter({ name }: MapSpec): FilterBytes {
    return bloomFilter(this.#object.map(name), this.#opened);
  }

  takeEvents({ name }: MapSpec): Uint8Array[] {
    const events: Uint8Array[] = [];
    const readers = this.#readers.get(name);
    readers?.drain((event) => events.push(event.slice()));
    return events;
  }

  setTarget({ name }: MapSpec, key: number, number: number): void {
    setTarget(this.#object.map(name), key, number);
  }

  setMap({ name }: MapSpec, key: Uint8Array, inner: MapSpec): void {
    putMap(this.#object.map(name), key, this.#object.map(inner.name));
  }

  setProgram({ name }: MapSpec, index: number, program: string | undefined): void {
    using programs = ProgramArray.of(this.#object.map(name));
    if (program === undefined) programs.delete(index);
    else programs.set(index, this.#program(program));
  }

  trace(): string[] {
    throw new Error("what programs print in the kernel goes to one buffer for all: tests read it in the machine only");
  }

  [Symbol.dispose](): void {
    this.#opened[Symbol.dispose]();
  }

  #program(name: string): BpfProgram {
    const known = this.#programs.get(name);
    if (known !== undefined) return known;
    const found = this.#object.program(name);
    if (found.kind === "not found") throw new RangeError(`the object has no program "${name}"`);
    this.#programs.set(name, found.program);
    return found.program;
  }
}

/** Without what was left out. */
function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // Those that are undefined are gone.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof given<T>
  >;
}
