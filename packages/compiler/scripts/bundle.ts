/**
 * Puts the compiler into one file beside what tsc makes. Node spends most of a millisecond of CPU on each module, and the compiler has
 * three hundred. As CommonJS, because `import` of the TypeScript library has Node read its nine megabytes twice more: for the syntax
 * they are in, and for the names that they export.
 */
import { resolve } from "node:path";
import { rolldown } from "rolldown";

const folder = resolve(import.meta.dirname, "..");

const bundle = await rolldown({
  input: resolve(folder, "src/index.ts"),
  platform: "node",
  external: ["typescript"],
  resolve: { conditionNames: ["source", "import", "node"] },
  transform: { target: "es2023" },
});
await bundle.write({ file: resolve(folder, "dist/compiler.cjs"), format: "cjs", sourcemap: true });
