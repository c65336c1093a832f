import type { MapType } from "@weir/bytecode";
import type { Layout } from "@weir/bytecode/layout";
import { KernelError } from "../errors/kernel-error.ts";
import type { BpfMap } from "./bpf-map.ts";

/** The layouts of a map with keys. */
export interface MapLayouts<Key extends Layout, Value extends Layout> {
  readonly key: Key;
  readonly value: Value;
}

/** Refuses a map that is not what its user takes it for. @throws {KernelError} `WEIR_MAP_LAYOUT` */
export function checkMap(map: BpfMap, type: MapType, key: Layout, value: Layout): void {
  checkType(map, type);
  checkSize(map, "key", key);
  checkSize(map, "value", value);
}

/** Refuses a map of another type. @throws {KernelError} `WEIR_MAP_LAYOUT` */
export function checkType(map: BpfMap, type: MapType): void {
  if (map.info.type !== type) {
    throw new KernelError({
      code: "WEIR_MAP_LAYOUT",
      attempted: "open",
      subject: `map "${map.name}"`,
      errno: 0,
      answer: `it is a map of type ${map.info.type ?? "unknown"}, not ${type}`,
      advice: ["Open it with the class of its own type."],
    });
  }
}

/** Refuses a map whose keys or values have another size. @throws {KernelError} `WEIR_MAP_LAYOUT` */
export function checkSize(map: BpfMap, part: "key" | "value", layout: Layout): void {
  const wanted = part === "key" ? map.info.keySize : map.info.valueSize;
  if (layout.size === wanted) return;
  const subject = `map "${map.name}"`;
  throw new KernelError({
    code: "WEIR_MAP_LAYOUT",
    attempted: "open",
    subject,
    errno: 0,
    answer: `${part} size is ${layout.size}, the ${subject} wants ${wanted}`,
    advice: [difference(layout, wanted)],
  });
}

function difference(layout: Layout, wanted: number): string {
  const bytes = Math.abs(wanted - layout.size);
  const last = layout.kind === "struct" ? layout.fields.at(-1)?.name : undefined;
  const place = last === undefined ? "" : ` after ${last}`;
  if (layout.size < wanted)
    return `${bytes} bytes of the map's are missing${place}: padding, or another version's fields.`;
  return `${bytes} bytes too many: padding, or fields of another version.`;
}
