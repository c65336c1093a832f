import type { Layout } from "@weir/bytecode/layout";
import type { ScalarType } from "../types/kernel-type.ts";
import { scalarTypes } from "../types/scalar.ts";

export interface ScalarField {
  /** Bytes from the start. */
  readonly offset: number;
  readonly type: ScalarType;
}

/** All scalars in a layout, in the order of their offsets, arrays element by element. */
export function scalarFields(layout: Layout, offset = 0): readonly ScalarField[] {
  switch (layout.kind) {
    case "scalar":
      // A boolean is a byte.
      return [{ offset, type: layout.name === "bool" ? scalarTypes.u8 : scalarTypes[layout.name] }];
    case "bytes":
      return Array.from({ length: layout.length }, (_, index) => ({ offset: offset + index, type: scalarTypes.u8 }));
    case "array":
      return Array.from({ length: layout.length }, (_, index) => index).flatMap((index) =>
        scalarFields(layout.element, offset + index * layout.element.size),
      );
    case "struct":
      return layout.fields.flatMap((field) => scalarFields(field.layout, offset + field.offset));
  }
}

/** Whether an index that is not constant may reach into the layout: then it must lie in memory. */
export function hasArray(layout: Layout): boolean {
  if (layout.kind === "struct") return layout.fields.some((field) => hasArray(field.layout));
  return layout.kind !== "scalar";
}
