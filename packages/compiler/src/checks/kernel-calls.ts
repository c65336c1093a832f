import { kernelVersion, type ProgramType } from "@weir/bytecode";
import type { Reporter } from "../diagnostics/reporter.ts";
import type { DiagnosticCode } from "../diagnostics/templates.ts";
import type { ModuleLowering } from "../lowering/module-lowering.ts";
import { spanOf } from "../lowering/positions.ts";
import type { Span } from "../source-file.ts";
import type { ProgramTree } from "../tree/program.ts";
import { type Callable, callables } from "./callables.ts";

/** What programs are compiled for. */
export interface Target {
  /** The oldest Linux that shall take them: `6.1`. */
  readonly kernel: string;
  readonly license: string;
}

/** `license_is_gpl_compatible()` of the kernel. */
const gplCompatible = new Set([
  "GPL",
  "GPL v2",
  "GPL and additional rights",
  "Dual BSD/GPL",
  "Dual MIT/GPL",
  "Dual MPL/GPL",
]);

/** The oldest kernel that was asked which programs may call what. */
const OLDEST = "6.1";

/** How people call the programs of each type. */
const programNames: Readonly<Record<ProgramType, string>> = {
  xdp: "xdp",
  tcx: "tcx",
  tracepoint: "tp",
  "raw-tracepoint": "rawTp",
  "typed-tracepoint": "tpBtf",
  "socket-operations": "sockops",
  iterator: "iter",
};

/** Refuses calls of helpers and of the kernel's own functions that the kernel refuses to a program of this type, in an older kernel, or under this licence. */
export function checkKernelCalls(
  program: ProgramTree,
  module: ModuleLowering,
  target: Target,
  reporter: Reporter,
): void {
  const reported = new Set<Span>();
  for (const { callee, position } of module.builder.kernelCalls(program.name)) {
    const called = callables.get(callee);
    const span = position && spanOf(position);
    if (called === undefined || span === undefined) throw new Error(`${callee} is called from nowhere`);
    const complaint = complaintAbout(called, program.kind.type, target);
    if (complaint === undefined || reported.has(span)) continue;
    reported.add(span);
    const [code, ...values] = complaint;
    reporter.report(code, span, called.name, ...values);
  }
}

function complaintAbout(
  { allowed, gplOnly, since: first }: Callable,
  type: ProgramType,
  { kernel, license }: Target,
): readonly [code: DiagnosticCode, ...values: string[]] | undefined {
  const known = allowed[type];
  if (known === undefined) {
    // The keys of such a record are program types.
    const types = (Object.keys(allowed) as ProgramType[]).map((one) => programNames[one]);
    return ["WEIR1708", programNames[type], types.length === 0 ? "none that weir knows" : types.join(", ")];
  }
  const since = known === OLDEST ? first : known;
  if (kernelVersion(since) > kernelVersion(kernel)) return ["WEIR1709", programNames[type], since, kernel];
  return gplOnly && !gplCompatible.has(license) ? ["WEIR1710", license] : undefined;
}
