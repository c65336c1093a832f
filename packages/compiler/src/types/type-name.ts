import type { Layout } from "@weir/bytecode/layout";
import type { KernelType } from "./kernel-type.ts";

/** Which constant a layout was given to, for messages and for BTF. */
export type LayoutNames = ReadonlyMap<Layout, string>;

/** A type as people write it. */
export function typeName(type: KernelType, names: LayoutNames): string {
  switch (type.kind) {
    case "integer":
    case "network":
      return type.name;
    case "record":
      return `${names.get(type.layout) ?? "a record"}${type.nullable ? " | null" : ""}`;
    case "array":
      return "an array";
    case "packet":
      return "XdpPacket";
    case "boolean":
    case "void":
      return type.kind;
  }
}
