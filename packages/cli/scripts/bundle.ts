/**
 * Puts the command line into a few files. Node spends most of a millisecond of CPU on each module that it loads, and weir
 * has a hundred and seventy: from its start to an attached program that would be most of the time.
 */
import { copyFileSync } from "node:fs";
import { resolve } from "node:path";
import { rolldown } from "rolldown";

const folder = resolve(import.meta.dirname, "..");
const source = (name: string) => resolve(folder, "src", name);

const bundle = await rolldown({
  input: {
    index: source("index.ts"),
    main: source("main.ts"),
    client: source("demo/client.ts"),
    server: source("demo/server.ts"),
    watcher: source("demo/watcher.ts"),
  },
  platform: "node",
  // Has a native part, which it looks for beside itself.
  external: ["koffi"],
  resolve: { conditionNames: ["source", "import", "node"] },
  transform: { target: "es2023" },
});
// All in one folder, where the paths to package.json and to the kernel program are the same as from the sources.
await bundle.write({
  dir: resolve(folder, "dist"),
  format: "esm",
  chunkFileNames: "[name].bundle.js",
  sourcemap: true,
  codeSplitting: {
    groups: [
      { name: "commander", test: /node_modules.commander/ },
      { name: "engine", test: /packages.(engine|kernel|bytecode|programs)/ },
    ],
  },
});
copyFileSync(resolve(folder, "../programs/dist/monitor.bpf.o"), resolve(folder, "dist/monitor.bpf.o"));
