import type { Btf } from "../btf/btf.ts";
import type { MapSpec } from "../spec.ts";
import type { ElfFile, FileSection } from "./file.ts";
import { sectionTypes } from "./format.ts";
import type { ReadMap } from "./read-maps.ts";

/** Sections of global variables: constants, variables with a first value, variables that begin as zeros. */
const DATA = /^\.(rodata|data|bss)(\..+)?$/;

/** `BPF_F_RDONLY_PROG`: programs only read it, so the verifier knows its values once it is frozen. */
const READ_ONLY_FOR_PROGRAMS = 1 << 7;
/** `BPF_F_MMAPABLE`. */
const MAPPABLE = 1 << 10;

/** The kernel's limit for the values of arrays. */
const LARGEST_VALUE = 2 ** 31 - 1;

export function isDataSection({ name, isLoaded, isCode }: FileSection): boolean {
  return isLoaded && !isCode && DATA.test(name);
}

/** The sections of global variables, each a map with one element. */
export function readData(elf: ElfFile, btf: Btf | undefined): ReadMap[] {
  return elf.sections
    .filter((section) => isDataSection(section) && section.size > 0)
    .map((section) => {
      const [filled] = elf.relocations(section).values();
      if (filled !== undefined) {
        const pointee = filled.symbol.name || elf.sections[filled.symbol.section]?.name;
        const problem = `holds an address in "${pointee}", and addresses in data are not loaded`;
        throw section.content.error(problem, filled.offset);
      }
      return { spec: dataMap(section, btf), section: section.index, offset: 0 };
    });
}

function dataMap({ name, type, size, content }: FileSection, btf: Btf | undefined): MapSpec {
  // A section of zeros takes no room in the file, so that its size need not be true.
  if (size > LARGEST_VALUE) throw content.error(`has ${size} bytes; a map's value has at most ${LARGEST_VALUE}`);
  const described = btf?.find("section", name);
  const isVisible = described?.type.variables.some((variable) => {
    const one = btf?.type(variable.type);
    return one?.kind === "variable" && one.linkage !== "static";
  });
  return Object.freeze({
    name,
    type: "array",
    keySize: 4,
    valueSize: size,
    maxEntries: 1,
    flags: (name.startsWith(".rodata") ? READ_ONLY_FOR_PROGRAMS : 0) | (isVisible ? MAPPABLE : 0),
    keyType: 0,
    valueType: described?.id ?? 0,
    contents: type === sectionTypes.zeros ? new Uint8Array(size) : Uint8Array.from(content.bytes),
  });
}
