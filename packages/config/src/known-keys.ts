import type { SchemaNode } from "./json-schema.ts";

/** The keys that a schema has for the object at a path. Of alternatives, those of all. */
export function knownKeys(root: SchemaNode, path: readonly PropertyKey[]): string[] {
  let nodes = [root];
  for (const step of path) nodes = nodes.flatMap(alternatives).flatMap((node) => inside(node, step));
  return [...new Set(nodes.flatMap(alternatives).flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

function alternatives(node: SchemaNode): SchemaNode[] {
  return [node, ...[node.anyOf, node.oneOf, node.allOf].flatMap((list) => list ?? []).flatMap(alternatives)];
}

function inside({ properties, items, prefixItems, additionalProperties }: SchemaNode, step: PropertyKey): SchemaNode[] {
  const found = typeof step === "number" ? [prefixItems?.[step], items] : [properties?.[String(step)]];
  return [...found, additionalProperties].flat().filter((node) => typeof node === "object");
}
