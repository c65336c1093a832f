import type { Layout } from "../layout/index.ts";
import type { Btf } from "./btf.ts";
import type { BtfBuilder } from "./builder.ts";
import { layoutOfBtf } from "./read-layout.ts";

/** A declaration tag of a structure: neither the kernel nor an object has another place that says what is in a ring buffer. */
const tagOf = (map: string): string => `record of ${map}`;

/** Says of a structure that the map carries such records to user space (`BTF_KIND_DECL_TAG`, Linux 5.16). */
export function tagRecord(btf: BtfBuilder, map: string, type: number): void {
  btf.add({ kind: "declaration-tag", name: tagOf(map), type, component: -1 });
}

/**
 * What the records are like that a ring buffer or perf event array carries, as far as the types of its object say. In C,
 * `__attribute__((btf_decl_tag("record of EVENTS")))` behind a structure says it.
 *
 * @example
 * ```ts
 * const object = readObject(readFileSync("events.o"));
 * const layouts = object.btf === undefined ? [] : recordLayouts(parseBtf(object.btf), "EVENTS");
 * ```
 */
export function recordLayouts(btf: Btf, map: string): Layout[] {
  const layouts: Layout[] = [];
  for (let id = 1; id < btf.count; id++) {
    const type = btf.type(id);
    if (type.kind !== "declaration-tag" || type.name !== tagOf(map) || type.component !== -1) continue;
    const layout = layoutOfBtf(btf, type.type);
    if (layout !== undefined) layouts.push(layout);
  }
  return layouts;
}
