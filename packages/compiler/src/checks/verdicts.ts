import type { Reporter } from "../diagnostics/reporter.ts";
import { walk } from "../tree/children.ts";
import type { Expression } from "../tree/expression.ts";
import type { ProgramTree } from "../tree/program.ts";

/** The largest verdict of the kernel (linux/bpf.h). */
const XDP_REDIRECT = 4n;

/** Refuses constants that are no verdicts, for which the kernel drops the packet. */
export function checkVerdicts({ kind, body }: ProgramTree, reporter: Reporter): void {
  if (kind.type !== "xdp") return;
  const check = (node: Expression | undefined): void => {
    if (node?.kind === "conditional") {
      check(node.whenTrue);
      check(node.whenFalse);
    }
    if (node?.kind === "literal" && node.value > XDP_REDIRECT) reporter.report("WEIR1725", node.span, node.value);
  };
  walk(body.body, { statement: (node) => node.kind === "return" && check(node.value) });
}
