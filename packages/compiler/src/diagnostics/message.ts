import { type DiagnosticCode, templates } from "./templates.ts";

/** What is said of a mistake: the template of its code, filled in. */
export const messageOf = (code: DiagnosticCode, ...values: readonly (string | number | bigint)[]): string =>
  templates[code].replace(/\{(\d)\}/g, (_, index) => String(values[Number(index)] ?? ""));
