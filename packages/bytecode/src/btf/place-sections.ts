import { ObjectError } from "../object-error.ts";
import type { Btf } from "./btf.ts";
import { BtfBuilder } from "./builder.ts";

/** Where the variables of an ELF section are; undefined for a section that the object does not have. */
export type Placement = (
  section: string,
) => { size: number; offsetOf(variable: string): number | undefined } | undefined;

/**
 * The BTF section with sizes and offsets in its descriptions of ELF sections: clang leaves them 0 for the linker, and the
 * kernel refuses those.
 */
export function placeSections(bytes: Uint8Array, btf: Btf, placement: Placement): Uint8Array {
  let builder: BtfBuilder | undefined;
  for (let id = 1; id < btf.count; id++) {
    const type = btf.type(id);
    if (type.kind !== "section" || type.size !== 0) continue;
    const place = placement(type.name);
    if (place === undefined)
      throw new ObjectError(`BTF describes section "${type.name}", which the object does not have`);
    const variables = type.variables.map((variable) => {
      const described = btf.type(variable.type);
      const name = described.kind === "variable" ? described.name : "";
      const offset = place.offsetOf(name);
      if (offset === undefined)
        throw new ObjectError(`section "${type.name}" has no variable "${name}", which BTF describes`);
      return { ...variable, offset };
    });
    // The kernel wants them in the order of their offsets.
    variables.sort((left, right) => left.offset - right.offset);
    builder ??= new BtfBuilder(bytes);
    builder.add({ ...type, size: place.size, variables }, id);
  }
  return builder?.build() ?? bytes.slice();
}
