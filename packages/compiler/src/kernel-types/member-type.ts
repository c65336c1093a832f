import type { Btf, BtfMember, BtfType } from "@weir/bytecode";

/** What a member of a structure is called in a kernel file, and what has to be there for that. */
export interface MemberType {
  readonly text: string;
  /** The structures that it names, by their ids. */
  readonly structures: readonly number[];
}

/** How the structures are called that a text describes. */
export interface StructureNames {
  of(id: number): string;
}

/** The type of a member; undefined where the kernel language has none: floating-point numbers, integers of 128 bits. */
export function memberType(btf: Btf, member: BtfMember, names: StructureNames): MemberType | undefined {
  const type = typeText(btf, member.type, names);
  if (type === undefined || member.bitSize === undefined) return type;
  return { ...type, text: `Bits<${type.text}>` };
}

export function typeText(btf: Btf, id: number, names: StructureNames): MemberType | undefined {
  const type = btf.bare(id).type;
  switch (type.kind) {
    case "int":
      return integerText(type);
    case "enum":
    case "enum64":
      return plain(`${type.signed ? "i" : "u"}${type.size * 8}`);
    case "struct":
    case "union":
      return { text: names.of(btf.bare(id).id), structures: [btf.bare(id).id] };
    case "array": {
      const element = typeText(btf, type.type, names);
      return element && { ...element, text: `KernelArray<${element.text}, ${type.length}>` };
    }
    case "pointer": {
      const to = btf.bare(type.type).type;
      // What nothing is said of, and functions, are numbers.
      if ((to.kind !== "struct" && to.kind !== "union") || to.name === "") return plain("u64");
      const target = btf.bare(type.type).id;
      return { text: `Pointer<${names.of(target)}>`, structures: [target] };
    }
    default:
      return undefined;
  }
}

const plain = (text: string): MemberType => ({ text, structures: [] });

function integerText({ size, encoding }: BtfType & { readonly kind: "int" }): MemberType | undefined {
  if (encoding === "bool") return plain("boolean");
  return size > 8 ? undefined : plain(`${encoding === "signed" ? "i" : "u"}${size * 8}`);
}
