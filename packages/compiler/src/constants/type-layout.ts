import type { Layout } from "@weir/bytecode/layout";
import type { KernelType } from "../types/kernel-type.ts";
import { scalarLayouts } from "./word-value.ts";

/** How a value of a type lies in memory. */
export function layoutOfType(type: KernelType): Layout | undefined {
  switch (type.kind) {
    case "integer":
    case "network":
      return scalarLayouts.get(type.name);
    case "boolean":
      return scalarLayouts.get("bool");
    case "record":
      return type.nullable ? undefined : type.layout;
    case "array":
      return type.layout;
    default:
      return undefined;
  }
}
