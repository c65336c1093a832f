import { disassemble, type ObjectSpec, type ProgramSpec, parseBtf, referenceName } from "@weir/bytecode";

/** The programs of an object as text: instructions with the source lines that they come from, and what they refer to. */
export function listing(object: ObjectSpec): string {
  return [...object.programs.values()].map((program) => programListing(object, program)).join("\n");
}

function programListing({ btf }: ObjectSpec, program: ProgramSpec): string {
  const text = btf === undefined ? () => "" : stringsOf(btf);
  const headings = new Map(
    program.lines.map(({ slot, fileNameOffset, lineOffset, line, column }) => [
      slot,
      [`${text(fileNameOffset).replace(/^.*\//, "")}:${line}:${column}  ${text(lineOffset).trim()}`],
    ]),
  );
  const notes = new Map(
    program.references.map((reference) => [
      reference.slot,
      reference.kind === "map" ? `map ${reference.map}` : referenceName(reference),
    ]),
  );
  return `${program.name}:\n${disassemble(program.instructions, { headings, notes })}\n`;
}

function stringsOf(btf: Uint8Array): (offset: number) => string {
  const parsed = parseBtf(btf);
  return (offset) => parsed.string(offset);
}
