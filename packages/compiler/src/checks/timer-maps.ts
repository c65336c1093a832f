import type { CompiledProgram } from "@weir/codegen";
import type { MapDeclaration } from "../constants/constant.ts";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { ProgramTree } from "../tree/program.ts";
import { ownedIn } from "../types/kernel-owned.ts";

/** What the kernel's `is_tracing_prog_type` says of, by the words that declare them. */
const tracing: ReadonlyMap<string, string> = new Map([
  ["tracepoint", "tp"],
  ["raw-tracepoint", "rawTp"],
]);

/** Refuses programs that use a map with timers, and that the kernel lets use none. */
export function checkTimerMaps(
  { kind, body }: ProgramTree,
  { references }: CompiledProgram,
  maps: readonly MapDeclaration[],
  reporter: Reporter,
): void {
  const word = tracing.get(kind.type);
  if (word === undefined) return;
  for (const { name, value } of maps) {
    const isUsed = references.some((reference) => reference.kind === "map" && reference.map === name);
    if (isUsed && value !== undefined && ownedIn(value, "bpf_timer") > 0) {
      reporter.report("WEIR1724", body.span, word, name);
    }
  }
}
