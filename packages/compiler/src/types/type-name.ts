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
    case "kernel":
      return `${type.structure.form} ${type.structure.name}${type.nullable ? " | null" : ""}`;
    case "map":
      return `a map${type.nullable ? " | null" : ""}`;
    case "kernel-array":
      return "an array of the kernel";
    case "packet":
      return "XdpPacket";
    case "buffer":
      return "SkBuff";
    case "socket":
      return "SocketOperation";
    case "boolean":
    case "void":
      return type.kind;
  }
}
