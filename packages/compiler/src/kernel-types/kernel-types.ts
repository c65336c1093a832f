import type { Btf, BtfMember } from "@weir/bytecode";
import { type MemberType, memberType, typeText } from "./member-type.ts";

/** A structure or a tracepoint was asked for that the kernel does not have. */
export class UnknownKernelType extends Error {
  override readonly name = "UnknownKernelType";
  readonly missing: string;

  constructor(missing: string) {
    super(`the kernel's types have no structure, union or tracepoint "${missing}"`);
    this.missing = missing;
  }
}

/**
 * TypeScript that describes structures of the kernel, for kernel files to import: the ones asked for with all their members and the
 * structures inside them. A structure that is only pointed to is named, and has no members until it is asked for itself. A
 * tracepoint that is asked for becomes the type of the function that `tpBtf` takes.
 *
 * @example
 * ```ts
 * const btf = parseBtf(readFileSync("/sys/kernel/btf/vmlinux"));
 * writeFileSync("kernel.ts", kernelTypes(btf, ["task_struct", "sched_switch"]));
 * ```
 * @param names of structures, unions and tracepoints
 * @throws {UnknownKernelType} for a name that is neither
 */
export function kernelTypes(btf: Btf, names: readonly string[]): string {
  return new KernelTypesText(btf).write(names);
}

class KernelTypesText {
  readonly #btf: Btf;
  /** By the id of a structure. */
  readonly #names = new Map<number, string>();
  readonly #taken = new Set<string>();
  /** Structures whose members are to be said. */
  readonly #whole = new Set<number>();
  readonly #pointedTo = new Set<number>();
  readonly #words = new Set<string>();

  constructor(btf: Btf) {
    this.#btf = btf;
  }

  write(names: readonly string[]): string {
    const tracepoints: string[] = [];
    for (const name of names) {
      const id = this.#structure(name);
      if (id !== undefined) this.#whole.add(id);
      else tracepoints.push(this.#tracepoint(name));
    }
    const interfaces: string[] = [];
    // More are found on the way: a set is walked through with what is added to it meanwhile.
    for (const id of this.#whole) interfaces.push(this.#interface(id));
    const opaque = [...this.#pointedTo].filter((id) => !this.#whole.has(id)).map((id) => this.#opaque(id));
    const integers = [...this.#words].filter((word) => /^[iu]\d+$/.test(word)).sort();
    const words = [...this.#words].filter((word) => !/^[iu]\d+$/.test(word)).sort();
    const imports = [
      ...(integers.length > 0 ? [`import type { ${integers.join(", ")} } from "@weir/bytecode/layout";`] : []),
      ...(words.length > 0 ? [`import type { ${words.join(", ")} } from "@weir/compiler/language";`] : []),
    ];
    return `${[imports.join("\n"), ...interfaces, ...opaque, ...tracepoints].join("\n\n")}\n`;
  }

  #structure(name: string): number | undefined {
    return (this.#btf.find("struct", name) ?? this.#btf.find("union", name))?.id;
  }

  /** The kernel has a pointer to a function that takes a tracepoint's arguments, and something for itself before them. */
  #tracepoint(name: string): string {
    const btf = this.#btf;
    const definition = btf.find("typedef", `btf_trace_${name}`);
    const pointer = definition && btf.type(definition.type.type);
    const prototype = pointer?.kind === "pointer" ? btf.type(pointer.type) : undefined;
    if (prototype?.kind !== "function-prototype") throw new UnknownKernelType(name);
    const parameters = prototype.parameters.slice(1).map((parameter, index) => {
      const type = btf.bare(parameter.type).type;
      const target = type.kind === "pointer" ? btf.bare(type.type).type : undefined;
      // What is given is read: so the members are said.
      if (type.kind === "pointer" && (target?.kind === "struct" || target?.kind === "union") && target.name !== "") {
        const id = btf.bare(type.type).id;
        this.#whole.add(id);
        return `${parameter.name || `value${index}`}: ${this.#nameOf(id)}`;
      }
      const found = typeText(btf, parameter.type, { of: (id) => this.#nameOf(id) }) ?? { text: "u64", structures: [] };
      return `${parameter.name || `value${index}`}: ${this.#note(found)}`;
    });
    return `/** What \`tpBtf("${name}", …)\` takes. */\nexport type ${name}_program = (${parameters.join(", ")}) => void;`;
  }

  #interface(id: number): string {
    const type = this.#btf.type(id);
    if (type.kind !== "struct" && type.kind !== "union") throw new Error(`type ${id} is no structure`);
    const members = this.#members(id, this.#nameOf(id)).map(([name, text]) => `  readonly ${name}: ${text};\n`);
    const kernel = this.#word(type.kind === "struct" ? "KernelStruct" : "KernelUnion");
    return `export interface ${this.#nameOf(id)} extends ${kernel}<"${type.name}"> {\n${members.join("")}}`;
  }

  /** Members of structures without a name belong to the one around them. */
  #members(id: number, owner: string): [name: string, text: string][] {
    const type = this.#btf.type(id);
    if (type.kind !== "struct" && type.kind !== "union") return [];
    return type.members.flatMap((member): [string, string][] => {
      if (member.name === "") return this.#members(this.#btf.bare(member.type).id, owner);
      const text = this.#memberText(member, owner);
      return text === undefined ? [] : [[member.name, text]];
    });
  }

  #memberText(member: BtfMember, owner: string): string | undefined {
    const names = { of: (id: number) => this.#nameOf(id, `${owner}_${member.name}`) };
    const found = memberType(this.#btf, member, names);
    if (found === undefined) return undefined;
    const isPointer = /\bPointer</.test(found.text);
    for (const id of found.structures) (isPointer ? this.#pointedTo : this.#whole).add(id);
    return this.#note(found);
  }

  #opaque(id: number): string {
    const type = this.#btf.type(id);
    if (type.kind !== "struct" && type.kind !== "union") throw new Error(`type ${id} is no structure`);
    const kernel = this.#word(type.kind === "struct" ? "KernelStruct" : "KernelUnion");
    return `export interface ${this.#nameOf(id)} extends ${kernel}<"${type.name}"> {}`;
  }

  /** Takes note of the words that a type is written with. */
  #note({ text }: MemberType): string {
    for (const [word] of text.matchAll(/\b([iu](8|16|32|64)|Bits|KernelArray|Pointer)\b/g)) this.#words.add(word);
    return text;
  }

  #word(word: string): string {
    this.#words.add(word);
    return word;
  }

  /** @param otherwise for one that has none */
  #nameOf(id: number, otherwise = "structure"): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const type = this.#btf.type(id);
    const own = "name" in type && type.name !== "" ? type.name : otherwise;
    let name = reserved.has(own) ? `${own}_` : own;
    while (this.#taken.has(name)) name = `${name}_`;
    this.#taken.add(name);
    this.#names.set(id, name);
    return name;
  }
}

/** Names that C has for structures, and TypeScript for something else. */
const reserved = new Set([
  ...["any", "bigint", "boolean", "class", "default", "delete", "enum", "export", "extends", "function", "import"],
  ...["in", "instanceof", "interface", "never", "new", "null", "number", "object", "string", "super", "symbol"],
  ...["this", "throw", "try", "type", "typeof", "undefined", "unknown", "var", "void", "with", "yield"],
  ...["Bits", "KernelArray", "KernelStruct", "KernelUnion", "Pointer"],
  ...["u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"],
]);
