#!/usr/bin/env node
import { runCommandLine } from "./command-line.ts";
import { processSession } from "./process-session.ts";

process.exitCode = (await runCommandLine(process.argv.slice(2), processSession())).code;
