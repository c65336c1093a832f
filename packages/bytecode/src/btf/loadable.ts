import { parseBtf } from "./btf.ts";
import { BtfBuilder } from "./builder.ts";
import { holdsExterns, isExtern } from "./place-sections.ts";

/**
 * An object's BTF section as the kernel takes it: without declarations of what the kernel itself defines. Their ids are those
 * of other types then, which nothing refers to.
 *
 * @example
 * ```ts
 * const types = monitor.btf && loadableBtf(monitor.btf);
 * ```
 */
export function loadableBtf(bytes: Uint8Array): Uint8Array {
  const btf = parseBtf(bytes);
  let builder: BtfBuilder | undefined;
  for (let id = 1; id < btf.count; id++) {
    const type = btf.type(id);
    if (isExtern(type)) {
      builder ??= new BtfBuilder(bytes);
      builder.add({ kind: "typedef", name: type.name, type: type.type }, id);
    } else if (type.kind === "section" && holdsExterns(btf, type)) {
      builder ??= new BtfBuilder(bytes);
      builder.add({ kind: "pointer", type: 0 }, id);
    }
  }
  return builder?.build() ?? bytes;
}
