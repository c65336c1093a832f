/** What examples in comments may use without an import, in the order in which a name is looked for. */
const MODULES = [
  "@weir/bytecode",
  "@weir/bytecode/helpers",
  "@weir/bytecode/layout",
  "@weir/bytecode/machine",
  "@weir/codegen",
  "@weir/compiler",
  "@weir/kernel",
  "@weir/programs",
  "@weir/pcap-filter",
  "@weir/rules",
  "@weir/config",
  "@weir/engine",
  "@weir/server",
  "@weir/testing",
  "@weir/laboratory",
  "node:fs",
] as const;

const names = new Map<string, readonly string[]>();
for (const name of MODULES)
  names.set(
    name,
    Object.keys(await import(name)).filter((each) => each !== "default"),
  );

/**
 * Imports, on one line, for the words of a text that a module exports: first those of the package that the text is in.
 * Only what exists at run time is found: an example that needs a type writes its imports itself.
 */
export function importsFor(text: string, document: string): string {
  const home = /^packages\/(\w+)\//.exec(document)?.[1];
  const isHome = (module: string) => module.split("/")[1] === home;
  const ordered = [...names].sort(([a], [b]) => Number(isHome(b)) - Number(isHome(a)));
  const missing = new Set(text.match(/\b[A-Za-z_]\w*\b/g));
  return ordered
    .map(([module, exported]) => {
      const found = exported.filter((name) => missing.delete(name));
      return found.length === 0 ? "" : `import { ${found.join(", ")} } from "${module}"; `;
    })
    .join("");
}
