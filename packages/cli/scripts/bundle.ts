/**
 * Puts the command line into a few files. Node spends most of a millisecond of CPU on each module that it
 * loads, and weir has a hundred and seventy: from its start to an attached program that would be most of the time.
 */
import { copyFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { type InputOptions, type OutputOptions, type Plugin, rolldown } from "rolldown";

const folder = resolve(import.meta.dirname, "..");
const source = (name: string) => resolve(folder, "src", name);

/**
 * Commander starts other programs for commands that are files of their own. weir has none, and Node's module for it would take
 * 8 ms at each start.
 */
const withoutChildren: Plugin = {
  name: "commander-without-children",
  resolveId: (id, importer) =>
    id === "node:child_process" && importer?.includes("node_modules/commander/") ? "\0no-children" : undefined,
  load: (id) => (id === "\0no-children" ? "export default {};" : undefined),
};

async function write(input: Readonly<Record<string, string>>, output: OutputOptions): Promise<void> {
  const options: InputOptions = {
    input: { ...input },
    platform: "node",
    // The one has a native part, which it looks for beside itself; the other is installed by those who compile.
    external: ["koffi", "@weir/compiler"],
    plugins: [withoutChildren],
    resolve: { conditionNames: ["source", "import", "node"] },
    transform: { target: "es2023" },
  };
  const bundle = await rolldown(options);
  // All in one folder, where the paths to package.json and to the kernel programs are the same as from the sources.
  await bundle.write({ dir: resolve(folder, "dist"), sourcemap: true, ...output });
}

// The command line as CommonJS: `import` of Node's own modules loads parts of them that nobody uses, 12 ms of them.
const commands = {
  main: source("main.ts"),
  client: source("demo/client.ts"),
  server: source("demo/server.ts"),
  watcher: source("demo/watcher.ts"),
};
await write(commands, {
  format: "cjs",
  entryFileNames: "[name].cjs",
  chunkFileNames: "[name].bundle.cjs",
  minify: { mangle: false, compress: true, codegen: { removeWhitespace: true } },
  codeSplitting: {
    groups: [
      { name: "commander", test: /node_modules.commander/ },
      // What becomes of `using`, which every command has.
      { name: "using", test: /usingCtx/ },
      // Commands that compile need no more than this, and the engine takes 30 ms.
      { name: "bytecode", test: /packages.bytecode.(?!src.helpers.(find|table))/ },
      {
        name: "engine",
        // Not what makes JSON, which commands have before they know whether they need the engine; nor what few of them need.
        test: /packages.(engine.(?!src.(json|development))|kernel|programs)/,
      },
    ],
  },
});
const objects = resolve(folder, "../programs/dist");
for (const file of readdirSync(objects).filter((name) => name.endsWith(".bpf.o"))) {
  copyFileSync(resolve(objects, file), resolve(folder, "dist", file));
}
