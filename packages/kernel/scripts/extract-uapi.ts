/**
 * Reads the types that weir uses from a kernel's BTF into the dump that `generate-uapi.ts` works from. To be run by hand, on a
 * newer kernel, when weir is to know more of it; everything else works from the dump, on any kernel.
 *
 * `node --conditions=source packages/kernel/scripts/extract-uapi.ts`
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { release } from "node:os";
import { type Btf, type BtfType, parseBtf } from "@weir/bytecode";
import { DUMP_FILE, type UapiDump, type UapiStructure } from "./uapi-dump.ts";
import { type EnumerationSelection, SELECTION, type StructureSelection } from "./uapi-selection.ts";

type Composite = BtfType & { kind: "struct" | "union" };
type Enumeration = BtfType & { kind: "enum" };

const btf = parseBtf(readFileSync("/sys/kernel/btf/vmlinux"));
const enumerations = [...typesOf(btf)].filter((type): type is Enumeration => type.kind === "enum");
const attributes = composite(btf.find("union", "bpf_attr")?.type, "bpf_attr");

const dump: UapiDump = {
  kernel: release().split(".").slice(0, 2).join("."),
  files: Object.fromEntries(
    Object.entries(SELECTION).map(([file, selection]) => [
      file,
      {
        enumerations: Object.fromEntries(selection.enumerations.map((wanted) => [wanted.name, values(wanted)])),
        structures: Object.fromEntries(selection.structures.map((wanted) => [wanted.name, layout(wanted)])),
      },
    ]),
  ),
};
writeFileSync(DUMP_FILE, JSON.stringify(dump));
execFileSync("npx", ["biome", "check", "--write", DUMP_FILE], { stdio: "inherit" });

function* typesOf(source: Btf): Generator<BtfType> {
  for (let id = 1; id < source.count; id += 1) yield source.type(id);
}

function values({ holds, only }: EnumerationSelection): Record<string, number> {
  const found = enumerations.find((type) => type.values.some(({ name }) => name === holds));
  if (found === undefined) throw new Error(`no enumeration holds ${holds}`);
  // The last values of many are counts, not values: __MAX_BPF_CMD.
  const isWanted = (name: string) => only?.includes(name) ?? !/^_|^MAX_/.test(name);
  return Object.fromEntries(
    found.values.filter(({ name }) => isWanted(name)).map(({ name, value }) => [name, Number(value)]),
  );
}

function layout({ from, nested = [] }: StructureSelection): UapiStructure {
  const type = find(from);
  return { size: type.size, fields: Object.fromEntries(fields(type, 0, nested)) };
}

function find(from: StructureSelection["from"]): Composite {
  if ("structure" in from) return composite(btf.find("struct", from.structure)?.type, from.structure);
  const part = attributes.members.find((member) => {
    if ("attribute" in from) return member.name === from.attribute;
    const type = btf.type(member.type);
    return (
      member.name === "" && "members" in type && [...fields(type, 0, [])].some(([name]) => name === from.attributeWith)
    );
  });
  return composite(part && btf.type(part.type), JSON.stringify(from));
}

/** The fields of a structure; those of its anonymous parts count as its own. */
function* fields(type: Composite, base: number, nested: readonly string[]): Generator<[string, [number, number]]> {
  for (const { name, type: id, bitOffset, bitSize } of type.members) {
    const offset = base + bitOffset / 8;
    const member = resolve(id);
    const isPart = member.kind === "struct" || member.kind === "union";
    if (bitSize !== undefined) continue;
    if (isPart && name === "") yield* fields(member, offset, nested);
    else if (isPart && nested.includes(name)) {
      for (const [inner, place] of fields(member, offset, [])) yield [`${name}.${inner}`, place];
    } else if (!isPart) yield [name, [offset, btf.sizeOf(id)]];
  }
}

function resolve(id: number): BtfType {
  const type = btf.type(id);
  return type.kind === "typedef" || type.kind === "const" ? resolve(type.type) : type;
}

function composite(type: BtfType | undefined, name: string): Composite {
  if (type?.kind === "struct" || type?.kind === "union") return type;
  throw new Error(`no structure ${name}`);
}
