import { MachineMap } from "./machine-map.ts";

/** `BPF_MAP_TYPE_PROG_ARRAY`: programs, by their names, for `bpf_tail_call`. */
export class ProgramArray extends MachineMap {
  readonly #programs = new Map<number, string>(this.spec.entries?.map(({ index, name }) => [index, name]));

  programAt(index: number): string | undefined {
    return this.#programs.get(index);
  }

  /** Puts a program of the object there, or takes it out when none is given. */
  setProgram(index: number, program: string | undefined): void {
    if (index < 0 || index >= this.spec.maxEntries) {
      throw new RangeError(`map "${this.spec.name}" has ${this.spec.maxEntries} places for programs, not ${index + 1}`);
    }
    if (program === undefined) this.#programs.delete(index);
    else this.#programs.set(index, program);
  }
}
