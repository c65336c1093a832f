import type { FunctionInfo, LineInfo } from "@weir/bytecode";
import { bpf_func_info, bpf_line_info } from "../uapi/bpf.generated.ts";
import { StructureView } from "../uapi/structure-view.ts";

/** `struct bpf_func_info` for each function. */
export function encodeFunctionInfo(functions: readonly FunctionInfo[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(functions.length * bpf_func_info.size));
  for (const [index, { slot, type }] of functions.entries()) {
    new StructureView(bpf_func_info, view, index * bpf_func_info.size).assign({ insn_off: slot, type_id: type });
  }
  return new Uint8Array(view.buffer);
}

/** `struct bpf_line_info` for each line. The kernel wants no two for one slot, and keeps line and column in one number. */
export function encodeLineInfo(lines: readonly LineInfo[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(lines.length * bpf_line_info.size));
  for (const [index, { slot, fileNameOffset, lineOffset, line, column }] of lines.entries()) {
    new StructureView(bpf_line_info, view, index * bpf_line_info.size).assign({
      insn_off: slot,
      file_name_off: fileNameOffset,
      line_off: lineOffset,
      line_col: line * 1024 + Math.min(column, 1023),
    });
  }
  return new Uint8Array(view.buffer);
}
