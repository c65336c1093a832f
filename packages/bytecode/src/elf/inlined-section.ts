import type { SectionInfo } from "../btf/ext.ts";
import type { ByteReader } from "../byte-reader.ts";
import type { InlinedCall, SourceLine } from "../spec.ts";
import { StringTable } from "../string-table.ts";

/**
 * Section `.weir.inlined`: the calls whose functions became part of their callers, which line info cannot tell. One line of text
 * each, offsets are into BTF's strings: `call <function> <file> <text> <line> <column> <outer call>`, counted from 1, and
 * `slot <slot> <call> <section>` for each entry of line info that came in by a call. It is a string table, as section
 * `.weir.config` is, so that libbpf passes over it without a word.
 */
export const INLINED_SECTION = ".weir.inlined";

/** undefined when nothing was inlined. */
export function encodeInlined(sections: readonly SectionInfo[]): Uint8Array | undefined {
  const calls = new Map<string, number>();
  const number = (call: InlinedCall | undefined): number => {
    if (call === undefined) return 0;
    const { functionOffset, fileNameOffset, lineOffset, line, column } = call;
    const outer = number(call.inlined);
    const text = `call ${functionOffset} ${fileNameOffset} ${lineOffset} ${line} ${column} ${outer}`;
    const known = calls.get(text) ?? calls.size + 1;
    calls.set(text, known);
    return known;
  };
  const slots = sections.flatMap(({ section, lines }) =>
    lines.flatMap(({ slot, inlined }) => (inlined === undefined ? [] : [`slot ${slot} ${number(inlined)} ${section}`])),
  );
  if (slots.length === 0) return undefined;
  const table = new StringTable();
  for (const line of [...calls.keys(), ...slots]) table.add(line);
  return table.build();
}

/** The sections with the calls at their lines. */
export function decodeInlined(
  inlined: ByteReader,
  sections: ReadonlyMap<string, SectionInfo>,
): Map<string, SectionInfo> {
  const calls: InlinedCall[] = [];
  const slots = new Map<string, InlinedCall>();
  for (let at = 1; at < inlined.length; at = inlined.bytes.indexOf(0, at) + 1) {
    const text = inlined.text(at);
    const call = /^call (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$/.exec(text)?.slice(1).map(Number);
    const [, slot, number, section] = /^slot (\d+) (\d+) (.+)$/s.exec(text) ?? [];
    if (call !== undefined) {
      const [functionOffset = 0, fileNameOffset = 0, lineOffset = 0, line = 0, column = 0, outer = 0] = call;
      const place: SourceLine = { fileNameOffset, lineOffset, line, column };
      const outerCall = calls[outer - 1];
      calls.push({ functionOffset, ...place, ...(outerCall !== undefined && { inlined: outerCall }) });
      continue;
    }
    const found = calls[Number(number) - 1];
    if (found === undefined) throw inlined.error(`holds a line that is no call: ${JSON.stringify(text)}`, at);
    slots.set(`${section} ${slot}`, found);
  }
  return new Map(
    [...sections].map(([name, info]) => {
      const lines = info.lines.map((entry) => {
        const call = slots.get(`${name} ${entry.slot}`);
        return call === undefined ? entry : { ...entry, inlined: call };
      });
      return [name, { ...info, lines }];
    }),
  );
}
