import {
  decodeInstructions,
  type FunctionInfo,
  formOf,
  type Instruction,
  type LineInfo,
  SLOT_SIZE,
} from "@weir/bytecode";
import { readObjectInfo } from "../bpf/object-info.ts";
import { arena } from "../memory/arena.ts";
import { bpf_func_info, bpf_line_info, bpf_prog_info, bpf_prog_type } from "../uapi/bpf.generated.ts";
import type { Structure } from "../uapi/structure.ts";
import { StructureView } from "../uapi/structure-view.ts";
import type { BpfProgram } from "./bpf-program.ts";

/** What the kernel knows of a program beyond {@link ProgramInfo}. */
export interface ProgramDetails {
  /** The kernel's name of its type, `XDP` of `BPF_PROG_TYPE_XDP`. */
  readonly type: string;
  /** Bytes of its instructions, as the verifier left them. */
  readonly translatedSize: number;
  /** Bytes of its machine code; 0 where the kernel interprets it. */
  readonly machineSize: number;
  /** Nanoseconds after the start of the system. */
  readonly loadedAt: bigint;
  /** User who loaded it. */
  readonly userId: number;
  /** Ids of the maps that it uses. */
  readonly mapIds: readonly number[];
  /** Id of its types, 0 when it has none. */
  readonly btfId: number;
}

/** A program as it is in the kernel. */
export interface ProgramCode {
  /** As the verifier left them: without what cannot be reached, with its own in place of some calls. */
  readonly instructions: readonly Instruction[];
  readonly functions: readonly FunctionInfo[];
  readonly lines: readonly LineInfo[];
}

/**
 * What the kernel knows of a program.
 *
 * @example
 * ```ts
 * using program = BpfProgram.byId(42);
 * const { machineSize, mapIds } = programDetails(program);
 * ```
 * Since Linux 5.0.
 * @throws {KernelError} `WEIR_PERMISSION`
 */
export function programDetails({ descriptor }: BpfProgram): ProgramDetails {
  // Maps may be bound to a program after it was loaded: room for some more than there were.
  const room = readObjectInfo(
    descriptor.number,
    bpf_prog_info,
    descriptor.what,
    (info) => info.number("nr_map_ids") + 8,
  );
  using ids = arena().allocate(room * 4);
  return readObjectInfo(
    descriptor.number,
    bpf_prog_info,
    descriptor.what,
    (info) => ({
      type: typeName(info.number("type")),
      translatedSize: info.number("xlated_prog_len"),
      machineSize: info.number("jited_prog_len"),
      loadedAt: info.bigint("load_time"),
      userId: info.number("created_by_uid"),
      mapIds: Array.from({ length: Math.min(room, info.number("nr_map_ids")) }, (_, index) =>
        ids.view.getUint32(index * 4, true),
      ),
      btfId: info.number("btf_id"),
    }),
    { nr_map_ids: room, map_ids: ids.address },
  );
}

/**
 * The instructions of a program in the kernel, with their source lines.
 *
 * @example
 * ```ts
 * const { instructions } = programCode(program);
 * process.stdout.write(disassemble(instructions));
 * ```
 * Since Linux 5.0. Addresses in them are left out unless the process may see the kernel's (`kernel.kptr_restrict`).
 * @throws {KernelError} `WEIR_PERMISSION` without CAP_PERFMON
 */
export function programCode({ descriptor }: BpfProgram): ProgramCode {
  const [size, functions, lines] = readObjectInfo(
    descriptor.number,
    bpf_prog_info,
    descriptor.what,
    (info) => [info.number("xlated_prog_len"), info.number("nr_func_info"), info.number("nr_line_info")] as const,
  );
  using code = arena().allocate(size);
  using functionMemory = arena().allocate(functions * bpf_func_info.size);
  using lineMemory = arena().allocate(lines * bpf_line_info.size);
  return readObjectInfo(
    descriptor.number,
    bpf_prog_info,
    descriptor.what,
    (info) => ({
      instructions: decodeInstructions(
        code.bytes.slice(0, wholeSlots(Math.min(size, info.number("xlated_prog_len")))),
      ).map(withDistance),
      functions: records(bpf_func_info, functionMemory.view, Math.min(functions, info.number("nr_func_info"))).map(
        (record) => ({ slot: record.number("insn_off"), type: record.number("type_id") }),
      ),
      lines: records(bpf_line_info, lineMemory.view, Math.min(lines, info.number("nr_line_info"))).map((record) => ({
        slot: record.number("insn_off"),
        fileNameOffset: record.number("file_name_off"),
        lineOffset: record.number("line_off"),
        line: record.number("line_col") >>> 10,
        column: record.number("line_col") & 0x3ff,
      })),
    }),
    {
      xlated_prog_len: size,
      xlated_prog_insns: code.address,
      nr_func_info: functions,
      func_info_rec_size: bpf_func_info.size,
      func_info: functionMemory.address,
      nr_line_info: lines,
      line_info_rec_size: bpf_line_info.size,
      line_info: lineMemory.address,
    },
  );
}

/** Once there is machine code, a call of the program's own functions has their number, and keeps the distance elsewhere. */
function withDistance(instruction: Instruction): Instruction {
  const effect = formOf({ ...instruction, offset: 0 })?.effect;
  const isOwnCall = effect?.kind === "call" && effect.target === "function" && instruction.offset !== 0;
  return isOwnCall ? { ...instruction, offset: 0, immediate: instruction.offset } : instruction;
}

const wholeSlots = (bytes: number): number => bytes - (bytes % SLOT_SIZE);

function records<S extends Structure>(structure: S, view: DataView, count: number): StructureView<S>[] {
  return Array.from({ length: count }, (_, index) => new StructureView(structure, view, index * structure.size));
}

function typeName(number: number): string {
  const name = Object.entries(bpf_prog_type).find(([, value]) => value === number)?.[0];
  return name?.slice("BPF_PROG_TYPE_".length) ?? String(number);
}
