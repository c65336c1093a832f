import { CliError } from "./failure.ts";
import { Interruption } from "./interruption.ts";
import type { Session } from "./session.ts";

/** The session of this process. A second signal of a kind ends it at once, should the first not be enough. */
export function processSession(): Session {
  const { stdout, stderr } = process;
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => controller.abort(new Interruption("signal")));
  }
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
    environment: process.env,
    engine: () => import("@weir/engine"),
  };
}
