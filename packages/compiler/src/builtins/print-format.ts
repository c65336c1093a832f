import { Mistake } from "../diagnostics/mistake.ts";
import type { Span } from "../source-file.ts";
import type { Expression } from "../tree/expression.ts";
import { isScalar, type ScalarType } from "../types/kernel-type.ts";

/** `%5d`: flags and width, and what it prints; `ll` and the like say nothing here that types do not say better. */
const CONVERSION = /%(?<flags>[-+ #0]*\d*)(?:hh|h|ll|l|z)?(?<kind>pI4|pI6|pi4|pi6|[a-zA-Z%])/g;

/** How a value is handed to the kernel: as a number, or as the address of where it lies. */
export type Handing = "number" | "address";

export interface PrintFormat {
  /** As the kernel reads it. */
  readonly text: string;
  readonly handings: readonly Handing[];
}

/**
 * The text as the kernel wants it: with lengths and signs as the values have them, so that `%d` prints a number of 64 bits, and one
 * without a sign, as it is.
 */
export function printFormat(text: string, values: readonly Expression[], span: Span): PrintFormat {
  const handings: Handing[] = [];
  // The kernel would print nothing at all.
  if (text.replace(CONVERSION, "").includes("%")) throw new Mistake("WEIR1712", span, "%");
  const written = text.replace(CONVERSION, (whole, ...groups) => {
    // The last argument holds the named groups.
    const { flags = "", kind = "" } = groups.at(-1) as { flags?: string; kind?: string };
    if (kind === "%") return whole;
    const value = values[handings.length];
    if (value === undefined) {
      handings.push("number");
      return whole;
    }
    const [conversion, handing] = convert(kind, value, span);
    handings.push(handing);
    return `%${flags}${conversion}`;
  });
  if (handings.length !== values.length) throw new Mistake("WEIR1711", span, handings.length, values.length);
  return { text: written, handings };
}

function convert(kind: string, { type, span }: Expression, whole: Span): [conversion: string, handing: Handing] {
  switch (kind) {
    case "d":
    case "i":
    case "u":
    case "x":
    case "X":
      if (type.kind === "boolean") return ["d", "number"];
      if (isScalar(type)) return [`${type.bits === 64 ? "ll" : ""}${numberKind(kind, type)}`, "number"];
      break;
    case "s":
      if (type.kind === "array" && type.layout.kind === "bytes") return ["s", "address"];
      break;
    case "pI4":
    case "pi4":
      if ((isScalar(type) && type.bits === 32) || sizeIs(type, 4)) return [kind, "address"];
      break;
    case "pI6":
    case "pi6":
      if (sizeIs(type, 16)) return [kind, "address"];
      break;
    default:
      throw new Mistake("WEIR1712", whole, `%${kind}`);
  }
  throw new Mistake("WEIR1713", span, `%${kind}`);
}

function numberKind(kind: string, { signed }: ScalarType): string {
  if (kind === "x" || kind === "X") return kind;
  return signed ? "d" : "u";
}

const sizeIs = (type: Expression["type"], size: number): boolean =>
  (type.kind === "array" || type.kind === "record") && type.layout.size === size;
