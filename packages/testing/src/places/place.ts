import type { MapSpec, ProgramSpec } from "@weir/bytecode";
import type { Input, Machine, Outcome } from "@weir/bytecode/machine";

/** When a value may be written: always, only for a new key, or only for one that is there. */
export type SetMode = "any" | "new" | "existing";

/** What a run gave, wherever it ran. */
export interface PlaceOutcome extends Pick<Outcome, "packet" | "metadata" | "redirect"> {
  /** 32 bits with a sign. */
  readonly result: number;
}

/** A map by its bytes. A value is one run of bytes, or one for each CPU. */
export interface KeyedBytes {
  get(key: Uint8Array): readonly Uint8Array[] | undefined;
  /** @throws when the map does not take it */
  set(key: Uint8Array, values: readonly Uint8Array[], mode: SetMode): void;
  /** Whether it was there. */
  delete(key: Uint8Array): boolean;
  entries(): Iterable<readonly [key: Uint8Array, values: readonly Uint8Array[]]>;
}

/** A queue or a stack by its bytes. */
export interface QueueBytes {
  /** @throws when the map is full */
  push(value: Uint8Array): void;
  pop(): Uint8Array | undefined;
}

/** A Bloom filter by its bytes. */
export interface FilterBytes {
  add(value: Uint8Array): void;
  mayHave(value: Uint8Array): boolean;
}

/** Where programs under test run: the machine, or the kernel. */
export interface TestPlace extends Disposable {
  readonly name: "machine" | "kernel";
  /** The machine itself. @throws where there is none */
  readonly machine: Machine;
  run(program: ProgramSpec, input: Input): PlaceOutcome;
  keyed(map: MapSpec): KeyedBytes;
  queue(map: MapSpec): QueueBytes;
  filter(map: MapSpec): FilterBytes;
  /** What programs have put into a ring buffer or a perf event array since the last time. */
  takeEvents(map: MapSpec): Uint8Array[];
  /**
   * Makes an interface, by its index, or a CPU, by the size of its queue, one that programs can redirect to. A socket is any number,
   * where there are no real ones.
   */
  setTarget(map: MapSpec, key: number, number: number): void;
  /** Puts a map of the object into a map of maps. */
  setMap(map: MapSpec, key: Uint8Array, inner: MapSpec): void;
  /** Puts a program into a program array, or takes out what is there. */
  setProgram(map: MapSpec, index: number, program: string | undefined): void;
  /** Lines that programs have printed since the object was loaded. */
  trace(): string[];
}
