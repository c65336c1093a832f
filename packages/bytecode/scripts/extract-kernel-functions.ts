/**
 * Writes kernel-functions/prototypes.json: what the functions that kernel-functions/facts.json names take and give, as the BTF of the
 * running kernel says it. It must mark them with the tag `bpf_kfunc` (Linux 6.9).
 *
 * `node --conditions=source packages/bytecode/scripts/extract-kernel-functions.ts`
 */
import { readFileSync, writeFileSync } from "node:fs";
import { type Btf, parseBtf } from "../src/btf/index.ts";

const folder = new URL("../kernel-functions/", import.meta.url);
// A file of ours; only its keys are looked at.
const facts = JSON.parse(readFileSync(new URL("facts.json", folder), "utf8")) as object;
const btf = parseBtf(readFileSync("/sys/kernel/btf/vmlinux"));

const tagged = new Set<number>();
for (let id = 1; id < btf.count; id++) {
  const type = btf.type(id);
  if (type.kind === "declaration-tag" && type.name === "bpf_kfunc") tagged.add(type.type);
}

const prototypes = Object.fromEntries(Object.keys(facts).map((name) => [name, prototypeOf(name)]));
writeFileSync(new URL("prototypes.json", folder), `${JSON.stringify(prototypes, undefined, 2)}\n`);

function prototypeOf(name: string): string {
  const found = btf.find("function", name);
  if (found === undefined || !tagged.has(found.id)) throw new Error(`programs cannot call ${name} in this kernel`);
  const prototype = btf.type(found.type.type);
  if (prototype.kind !== "function-prototype") throw new Error(`${name} is no function`);
  const parameters = prototype.parameters.map((one) => `${typeText(btf, one.type)} ${one.name}`);
  return `${typeText(btf, prototype.type)} ${name}(${parameters.join(", ")})`;
}

/** As C writes it. */
function typeText(types: Btf, id: number): string {
  const type = types.type(id);
  switch (type.kind) {
    case "void":
      return "void";
    case "int":
    case "typedef":
      return type.name;
    case "const":
      return `const ${typeText(types, type.type)}`;
    case "pointer":
      return `${typeText(types, type.type)} *`;
    case "struct":
    case "enum":
      return `${type.kind} ${type.name}`;
    default:
      throw new Error(`a function takes a ${type.kind}`);
  }
}
