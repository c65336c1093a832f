import type { Layout, ScalarLayout } from "../layout/index.ts";
import type { BtfBuilder } from "./builder.ts";
import type { BtfInt } from "./type.ts";

/**
 * Describes a record layout, so that `bpftool map dump` shows its fields by name.
 *
 * @example
 * ```ts
 * btfOfLayout(new BtfBuilder(), struct({ packets: u64, bytes: u64 }), "FlowCounters");
 * ```
 * @returns the id of the type; `name` is the name of a record, other layouts have their own.
 */
export function btfOfLayout(builder: BtfBuilder, layout: Layout, name: string): number {
  switch (layout.kind) {
    case "scalar":
      return scalarType(builder, layout);
    case "bytes":
      return arrayType(builder, integer(builder, "u8", 1), layout.length);
    case "array":
      return arrayType(builder, btfOfLayout(builder, layout.element, ""), layout.length);
    case "struct":
      return builder.add({
        kind: "struct",
        // The kernel finds such a structure by its name.
        name: layout.kernelName ?? name,
        size: layout.size,
        members: layout.fields.map((field) => ({
          name: field.name,
          type: btfOfLayout(builder, field.layout, ""),
          bitOffset: field.offset * 8,
        })),
      });
  }
}

function scalarType(builder: BtfBuilder, { name, size }: ScalarLayout): number {
  if (!name.startsWith("be")) return integer(builder, name, size);
  // As the kernel's `__be16`: BTF itself has no byte order.
  return builder.add({ kind: "typedef", name, type: integer(builder, `u${size * 8}`, size) });
}

function integer(builder: BtfBuilder, name: string, size: number): number {
  return builder.add({ kind: "int", name, size, encoding: encodingOf(name) });
}

function encodingOf(name: string): BtfInt["encoding"] {
  if (name === "bool") return "bool";
  return name.startsWith("i") ? "signed" : "unsigned";
}

function arrayType(builder: BtfBuilder, type: number, length: number): number {
  return builder.add({ kind: "array", type, indexType: integer(builder, "u32", 4), length });
}
