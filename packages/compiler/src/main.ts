#!/usr/bin/env node
import { runCommand } from "./command.ts";

const COMPILER_ERROR = 4;

try {
  process.exitCode = runCommand(process.argv.slice(2), process.stdout, process.stderr);
} catch (error) {
  // Mistakes of the program are diagnostics; what is thrown is the compiler's own.
  process.stderr.write(`weirc: the compiler itself failed: ${error instanceof Error ? error.message : error}\n`);
  process.stderr.write("Please report it together with the program.\n");
  process.exitCode = COMPILER_ERROR;
}
