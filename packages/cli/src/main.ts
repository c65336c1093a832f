#!/usr/bin/env node
import { runCommandLine } from "./command-line.ts";
import { processSession } from "./process-session.ts";

// Not awaited: what the commands load may share a file with this one, which then must not be waiting for them.
runCommandLine(process.argv.slice(2), processSession()).then(({ code }) => {
  process.exitCode = code;
});
