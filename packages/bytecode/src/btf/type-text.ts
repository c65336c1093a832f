import type { Btf } from "./btf.ts";

/** Structures inside structures are written out so far; deeper ones have their names alone. */
const DEPTH = 2;

/**
 * A type as people read it.
 *
 * @example
 * ```ts
 * const btf = parseBtf(readFileSync("/sys/kernel/btf/vmlinux"));
 * typeText(btf, btf.find("struct", "bpf_fib_lookup")?.id ?? 0); // bpf_fib_lookup { family: u8, l4_protocol: u8, … }
 * ```
 */
export function typeText(btf: Btf, id: number, depth = DEPTH): string {
  const type = btf.type(id);
  switch (type.kind) {
    case "void":
      return "void";
    case "typedef":
    case "int":
    case "float":
    case "forward":
    case "function":
      return type.name;
    case "enum":
    case "enum64":
      return `enum ${type.name}`.trimEnd();
    case "const":
    case "volatile":
    case "restrict":
    case "type-tag":
    case "variable":
    case "declaration-tag":
      return typeText(btf, type.type, depth);
    case "pointer":
      return `${typeText(btf, type.type, 0)} *`;
    case "array":
      return `${typeText(btf, type.type, depth)}[${type.length}]`;
    case "struct":
    case "union": {
      const name = type.kind === "union" ? `union ${type.name}`.trimEnd() : type.name;
      if (depth === 0 && name !== "") return name;
      const members = type.members.map((member) => `${member.name}: ${typeText(btf, member.type, depth - 1)}`);
      return `${name} { ${members.join(", ")} }`.trimStart();
    }
    case "section":
      return type.name;
    case "function-prototype":
      return "function";
  }
}
