declare global {
  interface JSON {
    /** Since Node 21; TypeScript's library does not have it yet. */
    rawJSON(text: string): unknown;
  }
}

/**
 * JSON in which bigints are numbers with all their digits, whatever their size.
 *
 * @example
 * ```ts
 * import { toJson } from "@weir/engine/json";
 *
 * toJson({ packets: 18_446_744_073_709_551_615n }); // {"packets":18446744073709551615}
 * ```
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? JSON.rawJSON(String(item)) : item));
}
