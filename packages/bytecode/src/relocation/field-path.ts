import type { Btf } from "../btf/btf.ts";
import type { BtfMember } from "../btf/type.ts";
import { ObjectError } from "../object-error.ts";
import { fieldsAreCompatible } from "./compatibility.ts";
import { type Composite, isComposite, nameOf } from "./kinds.ts";

/** A step into a type: to a named member of a struct or union, or to an element of an array. */
export type Step =
  | { readonly kind: "member"; readonly member: BtfMember }
  | { readonly kind: "element"; readonly type: number; readonly index: number };

/** A field: the way to it, and where it is. */
export interface FieldPath {
  readonly btf: Btf;
  readonly root: number;
  /** The first one is an index of the whole type, mostly 0. */
  readonly steps: readonly Step[];
  /** From the start of the whole. */
  readonly bitOffset: number;
}

/** The field that an access string such as `0:1:2` leads to. @throws {ObjectError} when it leads nowhere */
export function localField(btf: Btf, root: number, access: string): FieldPath {
  const indices = access.split(":").map(Number);
  const fail = (problem: string): never => {
    throw new ObjectError(`the access "${access}" into ${nameOf(btf.type(root)) || `type ${root}`} ${problem}`);
  };
  const [first = 0] = indices;
  if (!/^\d+(:\d+)*$/.test(access)) fail("is no list of indices");
  const steps: Step[] = [{ kind: "element", type: root, index: first }];
  let bitOffset = first * btf.sizeOf(root) * 8;
  let at = root;
  for (const index of indices.slice(1)) {
    const { type } = btf.bare(at);
    if (isComposite(type)) {
      const member = type.members[index] ?? fail(`goes to member ${index}, which does not exist`);
      // What has no name is a part of the struct around it, to be found by the names of its own members.
      if (member.name !== "") steps.push({ kind: "member", member });
      bitOffset += member.bitOffset;
      at = member.type;
    } else if (type.kind === "array") {
      steps.push({ kind: "element", type: type.type, index });
      bitOffset += index * btf.sizeOf(type.type) * 8;
      at = type.type;
    } else fail(`goes into a ${type.kind}`);
  }
  return { btf, root, steps, bitOffset };
}

/** The same field in another type, found by the names of its members; undefined when there is none. */
export function fieldIn(btf: Btf, root: number, local: FieldPath): FieldPath | undefined {
  const steps: Step[] = [];
  let bitOffset = 0;
  let at = root;
  for (const [index, step] of local.steps.entries()) {
    if (step.kind === "member") {
      const found = memberIn(btf, at, local.btf, step.member);
      if (found === undefined) return undefined;
      steps.push({ kind: "member", member: found.member });
      bitOffset += found.bitOffset;
      at = found.member.type;
      continue;
    }
    if (index > 0) {
      const array = btf.bare(at).type;
      if (array.kind !== "array") return undefined;
      // Arrays without a length end where their struct does, which is not said.
      if (array.length > 0 && step.index >= array.length) return undefined;
      at = array.type;
    }
    steps.push({ kind: "element", type: at, index: step.index });
    bitOffset += step.index * btf.sizeOf(at) * 8;
  }
  return { btf, root, steps, bitOffset };
}

/** A member by its name, also in the anonymous parts of a struct. */
function memberIn(
  btf: Btf,
  id: number,
  localBtf: Btf,
  wanted: BtfMember,
): { readonly member: BtfMember; readonly bitOffset: number } | undefined {
  const { type } = btf.bare(id);
  return isComposite(type) ? memberOf(btf, type, localBtf, wanted) : undefined;
}

function memberOf(btf: Btf, { members }: Composite, localBtf: Btf, wanted: BtfMember) {
  for (const member of members) {
    if (member.name === "") {
      const inner: ReturnType<typeof memberIn> = memberIn(btf, member.type, localBtf, wanted);
      if (inner !== undefined) return { ...inner, bitOffset: member.bitOffset + inner.bitOffset };
    } else if (member.name === wanted.name) {
      const isCompatible = fieldsAreCompatible({ btf: localBtf, id: wanted.type }, { btf, id: member.type });
      return isCompatible ? { member, bitOffset: member.bitOffset } : undefined;
    }
  }
  return undefined;
}

/** The way to a field as people write it: `task_struct.se.load[2]`. */
export function describeField({ btf, root, steps }: FieldPath): string {
  const [, ...rest] = steps;
  const way = rest.map((step) => (step.kind === "member" ? `.${step.member.name}` : `[${step.index}]`));
  return `${nameOf(btf.type(root))}${way.join("")}`;
}
