import type { LayoutField, StructLayout } from "./language.ts";

/** The fields of a record without those that are the kernel's own: the kernel gives zeros for them, and takes none. */
export const visibleFields = ({ fields }: StructLayout): readonly LayoutField[] =>
  fields.filter(({ layout }) => layout.kind !== "struct" || layout.kernelName === undefined);
