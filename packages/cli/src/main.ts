#!/usr/bin/env node
import { runCommandLine } from "./command-line.ts";
import { keepCompiledCode } from "./compile-cache.ts";
import { FAILURES } from "./exit-codes.ts";
import { processSession } from "./process-session.ts";

const OLDEST_NODE = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  process.stderr.write(
    `weir: this is Node ${process.versions.node}; weir needs Node ${OLDEST_NODE} or later\n  In the repository \`npx weir\` takes the one that npm installed; or run node_modules/.bin/node.\n`,
  );
  process.exitCode = FAILURES.WEIR_TOOL.code;
} else {
  keepCompiledCode();
  // Not awaited: what the commands load may share a file with this one, which then must not be waiting for them.
  runCommandLine(process.argv.slice(2), processSession()).then(({ code }) => {
    process.exitCode = code;
  });
}
