import type { ByteReader } from "../byte-reader.ts";
import { ByteWriter } from "../byte-writer.ts";
import { struct, u8, u16, u32 } from "../layout/index.ts";
import type { FunctionInfo, KernelTypeRelocation, LineInfo } from "../spec.ts";
import { relocationQuestions } from "../spec.ts";
import type { Btf } from "./btf.ts";
import { BTF_MAGIC, BTF_VERSION } from "./format.ts";

/** What `.BTF.ext` says about the code of one ELF section; slots count from its start. */
export interface SectionInfo {
  readonly section: string;
  readonly functions: readonly FunctionInfo[];
  readonly lines: readonly LineInfo[];
  readonly kernelTypes: readonly PlacedRelocation[];
}

/** A CO-RE relocation, and the instruction that it changes. */
export type PlacedRelocation = KernelTypeRelocation & { readonly slot: number };

/** `struct btf_ext_header`. Offsets count from the end of the header. */
const ExtHeader = struct({
  magic: u16,
  version: u8,
  flags: u8,
  headerLength: u32,
  functionOffset: u32,
  functionLength: u32,
  lineOffset: u32,
  lineLength: u32,
});
/** What the header goes on with since CO-RE relocations exist. */
const ExtHeaderRest = struct({ relocationOffset: u32, relocationLength: u32 });
/** `struct bpf_func_info`; here and below `position` is in bytes, not in slots. */
const FunctionRecord = struct({ position: u32, type: u32 });
/** `struct bpf_line_info`. */
const LineRecord = struct({ position: u32, fileNameOffset: u32, lineOffset: u32, lineAndColumn: u32 });
/** `struct bpf_core_relo`. */
const RelocationRecord = struct({ position: u32, type: u32, accessOffset: u32, question: u32 });

const SLOT = 8;
/** Bits of a column; later ones are written as the last that can be. */
const COLUMN_BITS = 10;
const LAST_COLUMN = (1 << COLUMN_BITS) - 1;

/** `.BTF.ext`; `name` gives the offset of a string in `.BTF`. */
export function encodeBtfExt(sections: readonly SectionInfo[], name: (text: string) => number): Uint8Array {
  const functions = new ByteWriter();
  const lines = new ByteWriter();
  const relocations = new ByteWriter();
  functions.words([FunctionRecord.size]);
  lines.words([LineRecord.size]);
  // libbpf takes a part without records for damage, unless it is empty.
  if (sections.some((info) => info.kernelTypes.length > 0)) relocations.words([RelocationRecord.size]);
  for (const info of sections) {
    if (info.functions.length > 0) functions.words([name(info.section), info.functions.length]);
    for (const { slot, type } of info.functions) functions.record(FunctionRecord, { position: slot * SLOT, type });
    if (info.lines.length > 0) lines.words([name(info.section), info.lines.length]);
    for (const { slot, fileNameOffset, lineOffset, line, column } of info.lines) {
      const lineAndColumn = ((line << COLUMN_BITS) | Math.min(column, LAST_COLUMN)) >>> 0;
      lines.record(LineRecord, { position: slot * SLOT, fileNameOffset, lineOffset, lineAndColumn });
    }
    if (info.kernelTypes.length > 0) relocations.words([name(info.section), info.kernelTypes.length]);
    for (const { slot, type, access, question } of info.kernelTypes) {
      relocations.record(RelocationRecord, {
        position: slot * SLOT,
        type,
        accessOffset: name(access),
        question: relocationQuestions.indexOf(question),
      });
    }
  }
  const section = new ByteWriter();
  section.record(ExtHeader, {
    magic: BTF_MAGIC,
    version: BTF_VERSION,
    flags: 0,
    headerLength: ExtHeader.size + ExtHeaderRest.size,
    functionOffset: 0,
    functionLength: functions.length,
    lineOffset: functions.length,
    lineLength: lines.length,
  });
  section.record(ExtHeaderRest, {
    relocationOffset: functions.length + lines.length,
    relocationLength: relocations.length,
  });
  section.append(functions.finish());
  section.append(lines.finish());
  section.append(relocations.finish());
  return section.finish();
}

/** Reads `.BTF.ext`, by section name. */
export function decodeBtfExt(ext: ByteReader, btf: Btf): Map<string, SectionInfo> {
  const header = ext.record(ExtHeader, 0);
  if (header.magic !== BTF_MAGIC) throw ext.error(`begins with ${header.magic.toString(16)}, not with eb9f`);
  const start = header.headerLength;
  const functions = records(
    ext.part("the function info", start + header.functionOffset, header.functionLength),
    FunctionRecord.size,
    btf,
    (record) => {
      const { position, type } = record.record(FunctionRecord, 0);
      return { slot: position / SLOT, type };
    },
  );
  const lines = records(
    ext.part("the line info", start + header.lineOffset, header.lineLength),
    LineRecord.size,
    btf,
    (record) => {
      const { position, lineAndColumn, ...offsets } = record.record(LineRecord, 0);
      return {
        slot: position / SLOT,
        ...offsets,
        line: lineAndColumn >>> COLUMN_BITS,
        column: lineAndColumn & LAST_COLUMN,
      };
    },
  );
  const kernelTypes =
    header.headerLength < ExtHeader.size + ExtHeaderRest.size ? new Map() : relocationsOf(ext, start, btf);
  const names = new Set([...functions.keys(), ...lines.keys(), ...kernelTypes.keys()]);
  return new Map(
    [...names].map((section) => [
      section,
      {
        section,
        functions: functions.get(section) ?? [],
        lines: lines.get(section) ?? [],
        kernelTypes: kernelTypes.get(section) ?? [],
      },
    ]),
  );
}

function relocationsOf(ext: ByteReader, start: number, btf: Btf): Map<string, PlacedRelocation[]> {
  const { relocationOffset, relocationLength } = ext.record(ExtHeaderRest, ExtHeader.size);
  const part = ext.part("the CO-RE relocations", start + relocationOffset, relocationLength);
  return records(part, RelocationRecord.size, btf, (record) => {
    const { position, type, accessOffset, question: number } = record.record(RelocationRecord, 0);
    const question = relocationQuestions[number];
    if (question === undefined) throw record.error(`hold one of kind ${number}, which weir does not know`);
    return { slot: position / SLOT, type, access: btf.string(accessOffset), question };
  });
}

/** The records of each section. Newer tools may write longer ones: what is behind `known` bytes is skipped. */
function records<R>(info: ByteReader, known: number, btf: Btf, read: (record: ByteReader) => R): Map<string, R[]> {
  const found = new Map<string, R[]>();
  if (info.length === 0) return found;
  const size = info.u32(0);
  if (size < known) throw info.error(`has records of ${size} bytes; they need ${known}`);
  let at = 4;
  while (at < info.length) {
    const name = btf.string(info.u32(at));
    const part = info.part(info.what, at + 8, info.u32(at + 4) * size);
    const list = found.get(name) ?? [];
    found.set(name, list);
    for (let offset = 0; offset < part.length; offset += size) list.push(read(part.part(info.what, offset, size)));
    at += 8 + part.length;
  }
  return found;
}
