import type { BtfBuilder, KernelTypeRelocation } from "@weir/bytecode";
import { reachableFunctions } from "../tree/called-functions.ts";
import { expressionsIn } from "../tree/nodes.ts";
import type { ProgramTree } from "../tree/program.ts";
import type { KernelEnumerator, KernelMember, KernelStructure } from "../types/kernel-structure.ts";
import { btfOfScalar } from "./btf-of-scalar.ts";

/** A structure of the kernel with the members that the programs of an object use. */
interface UsedStructure {
  readonly structure: KernelStructure;
  readonly members: Map<string, UsedMember>;
}

interface UsedMember {
  readonly member: KernelMember;
  /** The structure that it is, or that its elements are. */
  readonly inner: UsedStructure | undefined;
}

/** A type that has been described: alignment and sizes are those of the object's own types. */
interface DescribedType {
  readonly id: number;
  /** Bytes. */
  readonly size: number;
  readonly alignment: number;
}

interface DescribedStructure extends DescribedType {
  readonly members: ReadonlyMap<string, { readonly index: number; readonly offset: number }>;
}

/**
 * The kernel's structures as the object describes them: with the members alone that its programs use. The loader looks for the
 * kernel's own by the names.
 */
export class KernelTypes {
  readonly #used = new Map<KernelStructure, UsedStructure>();
  readonly #described = new Map<UsedStructure, DescribedStructure>();
  /** By the names of their enumerations. */
  readonly #enumerators = new Map<string, string[]>();
  readonly #enumerations = new Map<string, number>();

  constructor(btf: BtfBuilder, programs: readonly ProgramTree[]) {
    for (const { body } of programs) {
      for (const tree of reachableFunctions(body)) {
        for (const node of expressionsIn(tree.body)) {
          if (node.kind === "kernel-field") this.#use(node.structure, node.path);
          else if (node.kind === "builtin" && node.asks !== undefined) this.#useWhole(node.asks);
        }
      }
    }
    for (const used of this.#used.values()) this.#describe(used, btf);
    for (const [name, names] of this.#enumerators) {
      const values = names.map((enumerator, index) => ({ name: enumerator, value: BigInt(index) }));
      this.#enumerations.set(name, btf.add({ kind: "enum", name, size: 4, signed: false, values }));
    }
  }

  /** What the loader is asked about a member, and what the answer is by the object's own types. */
  ask(
    question: KernelTypeRelocation["question"],
    structure: KernelStructure,
    path: readonly (string | number)[],
  ): { readonly relocation: KernelTypeRelocation; readonly local: number } {
    const root = this.#used.get(structure);
    const described = root && this.#described.get(root);
    if (root === undefined || described === undefined) throw new Error(`${structure.name} is used nowhere`);
    const access = ["0"];
    let offset = 0;
    let size = described.size;
    let at: UsedStructure | undefined = root;
    let member: KernelMember | undefined;
    for (const step of path) {
      if (typeof step === "number") {
        if (member?.type.kind !== "kernel-array") throw new Error("only arrays have elements");
        const element: number = this.#sizeOf(member.type.element, at);
        access.push(String(step));
        offset += step * element;
        size = element;
        member = member.type.element;
        continue;
      }
      const used: UsedMember | undefined = at?.members.get(step);
      const place = at && this.#described.get(at)?.members.get(step);
      if (used === undefined || place === undefined) throw new Error(`${structure.name}.${step} is used nowhere`);
      access.push(String(place.index));
      offset += place.offset;
      at = used.inner;
      member = used.member;
      size = this.#sizeOf(member, at);
    }
    const locals: Partial<Record<KernelTypeRelocation["question"], number>> = {
      "field-offset": offset,
      "field-size": size,
      "field-exists": 1,
      "type-exists": 1,
      "type-size": size,
      // Each bit field has one bit here, the lowest of its type.
      "field-shift-left": 63,
      "field-shift-right": 63,
    };
    return { relocation: { question, type: described.id, access: access.join(":") }, local: locals[question] ?? 0 };
  }

  /** The same about an enumerator, whose number in the object is its place. */
  askEnumerator(
    question: KernelTypeRelocation["question"],
    { enumeration, name }: KernelEnumerator,
  ): { readonly relocation: KernelTypeRelocation; readonly local: number } {
    const [type, index] = [this.#enumerations.get(enumeration), this.#enumerators.get(enumeration)?.indexOf(name)];
    if (type === undefined || index === undefined) throw new Error(`${enumeration}.${name} is used nowhere`);
    const local = question === "enumerator-exists" ? 1 : index;
    return { relocation: { question, type, access: String(index) }, local };
  }

  #useWhole(asked: KernelStructure | KernelEnumerator): void {
    if (asked.form !== "enumerator") {
      this.#use(asked, []);
      return;
    }
    const { enumeration, name } = asked;
    const known = this.#enumerators.get(enumeration) ?? [];
    if (!known.includes(name)) known.push(name);
    this.#enumerators.set(enumeration, known);
  }

  #use(structure: KernelStructure, path: readonly (string | number)[]): void {
    let at: UsedStructure | undefined = this.#used.get(structure) ?? { structure, members: new Map() };
    this.#used.set(structure, at);
    for (const step of path) {
      if (typeof step === "number" || at === undefined) continue;
      const known: UsedMember | undefined = at.members.get(step);
      const member = at.structure.member(step);
      if (member === undefined) throw new Error(`${structure.name} has no member ${step}`);
      const inside = innermost(member);
      const used: UsedMember = known ?? {
        member,
        inner:
          inside.type.kind === "kernel" && !inside.pointer
            ? { structure: inside.type.structure, members: new Map() }
            : undefined,
      };
      at.members.set(step, used);
      at = used.inner;
    }
  }

  #describe(used: UsedStructure, btf: BtfBuilder): DescribedStructure {
    const { structure } = used;
    const members: { name: string; type: number; bitOffset: number; bitSize?: number }[] = [];
    const places = new Map<string, { index: number; offset: number }>();
    let [end, alignment] = [0, 1];
    for (const [name, { member, inner }] of used.members) {
      const type = this.#describeMember(member, inner, btf);
      const offset = structure.form === "union" ? 0 : Math.ceil(end / type.alignment) * type.alignment;
      places.set(name, { index: members.length, offset });
      members.push({ name, type: type.id, bitOffset: offset * 8, ...(member.bitField && { bitSize: 1 }) });
      end = Math.max(end, offset + type.size);
      alignment = Math.max(alignment, type.alignment);
    }
    const size = Math.ceil(end / alignment) * alignment;
    const id = btf.add({ kind: structure.form, name: structure.name, size, members });
    const described = { id, size, alignment, members: places };
    this.#described.set(used, described);
    return described;
  }

  #describeMember(member: KernelMember, inner: UsedStructure | undefined, btf: BtfBuilder): DescribedType {
    const { type } = member;
    if (member.pointer) return { id: btf.add({ kind: "pointer", type: 0 }), size: 8, alignment: 8 };
    switch (type.kind) {
      case "kernel": {
        if (inner === undefined) throw new Error(`${type.structure.name} has no members here`);
        return this.#describe(inner, btf);
      }
      case "kernel-array": {
        const element = this.#describeMember(type.element, inner, btf);
        const indexType = btf.add({ kind: "int", name: "u32", size: 4, encoding: "unsigned" });
        const id = btf.add({ kind: "array", type: element.id, indexType, length: type.length });
        return { id, size: element.size * type.length, alignment: element.alignment };
      }
      default: {
        const size = type.kind === "boolean" ? 1 : type.bits / 8;
        return { id: btfOfScalar(btf, type), size, alignment: size };
      }
    }
  }

  #sizeOf({ type, pointer }: KernelMember, inner: UsedStructure | undefined): number {
    if (pointer) return 8;
    switch (type.kind) {
      case "kernel":
        return (inner && this.#described.get(inner)?.size) ?? 0;
      case "kernel-array":
        return type.length * this.#sizeOf(type.element, inner);
      case "boolean":
        return 1;
      default:
        return type.bits / 8;
    }
  }
}

/** What the elements of an array are, however deep. */
const innermost = (member: KernelMember): KernelMember =>
  !member.pointer && member.type.kind === "kernel-array" ? innermost(member.type.element) : member;
