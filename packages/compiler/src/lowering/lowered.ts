import type { Value } from "@weir/codegen";
import type { RecordPlace } from "./place.ts";

/** What an expression became. A record that may be null is the value of its address. */
export type Lowered =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "place"; readonly place: RecordPlace }
  | { readonly kind: "nothing" };

export const lowered = (value: Value): Lowered => ({ kind: "value", value });
export const loweredPlace = (place: RecordPlace): Lowered => ({ kind: "place", place });
export const nothing: Lowered = { kind: "nothing" };
