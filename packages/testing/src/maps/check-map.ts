import type { MapSpec, MapType } from "@weir/bytecode";
import type { Layout } from "@weir/bytecode/layout";

/** Refuses a map that is not what its user takes it for. */
export function checkType(map: MapSpec, types: readonly MapType[]): void {
  if (types.includes(map.type)) return;
  throw new TypeError(`map "${map.name}" is of type ${map.type}, not ${types.join(" or ")}`);
}

/** Refuses a layout of another size than the map's keys or values. */
export function checkSize(map: MapSpec, part: "key" | "value", { size }: Layout): void {
  const wanted = part === "key" ? map.keySize : map.valueSize;
  if (size === wanted) return;
  throw new TypeError(
    `a ${part} of map "${map.name}" has ${wanted} bytes, the layout has ${size}: take the one that the program was compiled with`,
  );
}
