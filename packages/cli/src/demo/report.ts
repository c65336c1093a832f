import type { Snapshot } from "@weir/engine";

/** What the watching process tells the one that shows it. */
export type Report =
  | { readonly kind: "snapshots"; readonly snapshots: readonly Snapshot[] }
  | { readonly kind: "failure"; readonly message: string; readonly code: string };

/** A failure of another process; its code says as much here as there. */
export class ReportedError extends Error {
  override readonly name = "ReportedError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
