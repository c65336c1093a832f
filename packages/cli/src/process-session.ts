import { loadCompiler } from "./compiler.ts";
import { CliError } from "./failure.ts";
import { Interruption } from "./interruption.ts";
import { optimizeRarely } from "./rare-optimization.ts";
import type { Session } from "./session.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The session of this process. A second signal of a kind ends it at once, should the first not be enough. */
export function processSession(): Session {
  const { stdout, stderr } = process;
  const controller = new AbortController();
  const interrupt = () => controller.abort(new Interruption("signal"));
  for (const signal of SIGNALS) process.once(signal, interrupt);
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return controller.abort(new Interruption("reader gone"));
    controller.abort(new CliError("WEIR_OUTPUT", `the output cannot be written: ${error.message}`));
  });
  // Nobody is left to be told.
  stderr.on("error", () => {});
  return {
    output: stdout,
    errors: stderr,
    signal: controller.signal,
    letSignalsEnd: () => {
      for (const signal of SIGNALS) process.off(signal, interrupt);
    },
    onHangUp: (listener) => {
      process.off("SIGHUP", interrupt);
      process.on("SIGHUP", listener);
    },
    environment: process.env,
    engine: (uses) => {
      if (uses === "once") optimizeRarely();
      return import("@weir/engine");
    },
    development: () => import("@weir/engine/development"),
    compiler: (uses) => {
      if (uses === "once") optimizeRarely();
      return loadCompiler();
    },
  };
}
