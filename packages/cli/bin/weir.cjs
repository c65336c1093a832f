#!/usr/bin/env node
// In the repository, and not built like the rest: npm links it before anything is built.
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const main = join(__dirname, "../dist/main.cjs");
if (existsSync(main)) {
  require(main);
} else {
  process.stderr.write("weir: it is not built yet; in the repository: npm run build\n");
  process.exitCode = 18;
}
