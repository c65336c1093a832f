import type { Layout } from "@weir/bytecode/layout";

/** Whether two layouts describe the same fields at the same places. */
export function sameLayout(a: Layout, b: Layout): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  switch (a.kind) {
    case "scalar":
      return b.kind === "scalar" && a.name === b.name;
    case "bytes":
      return b.kind === "bytes";
    case "array":
      return b.kind === "array" && a.length === b.length && sameLayout(a.element, b.element);
    case "struct":
      return (
        b.kind === "struct" &&
        a.fields.length === b.fields.length &&
        a.fields.every((field, index) => {
          const other = b.fields[index];
          return other?.name === field.name && other.offset === field.offset && sameLayout(field.layout, other.layout);
        })
      );
  }
}
