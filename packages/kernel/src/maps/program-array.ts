import { u32 } from "@weir/bytecode/layout";
import type { BpfProgram } from "../programs/bpf-program.ts";
import type { BpfMap } from "./bpf-map.ts";
import type { MapOwnership } from "./keyed-map.ts";
import { ObjectMap } from "./object-map.ts";
import { openOwned } from "./open-owned.ts";

/**
 * The programs that a program can go on with (`bpf_tail_call`), by a number below the map's size. All are of one type.
 *
 * @example
 * ```ts
 * using stages = ProgramArray.open("/sys/fs/bpf/stages");
 * stages.set(0, program);
 * ```
 * Since Linux 4.2.
 * @see BPF_MAP_TYPE_PROG_ARRAY
 */
export class ProgramArray extends ObjectMap<typeof u32> {
  private constructor(map: BpfMap, ownership: MapOwnership) {
    super(map, "program-array", u32, ownership);
  }

  /** A view of a map that somebody else closes. @throws {KernelError} `WEIR_MAP_LAYOUT` */
  static of(map: BpfMap): ProgramArray {
    return new ProgramArray(map, "borrowed");
  }

  /** Opens a pinned map. @throws {KernelError} `WEIR_NOT_FOUND`, `WEIR_MAP_LAYOUT` */
  static open(path: string): ProgramArray {
    return openOwned(path, (map) => new ProgramArray(map, "owned"));
  }

  /** Puts a program there. @throws {KernelError} EINVAL for one of another type than the programs that use the array */
  set(index: number, program: BpfProgram): void {
    this.put(index, program.descriptor);
  }
}
