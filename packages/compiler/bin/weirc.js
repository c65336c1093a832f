#!/usr/bin/env node
// In the repository, and not built like the rest: npm links it before anything is built.
import { existsSync } from "node:fs";

const main = new URL("../dist/main.js", import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write("weirc: it is not built yet; in the repository: npm run build\n");
  process.exitCode = 4;
}
