import type { Block, Variable } from "@weir/codegen";
import type { RecordPlace } from "./place.ts";

/** Where a `return` goes in a function that became part of its caller, and what becomes of its value. */
export type ReturnTarget =
  | { readonly kind: "nothing"; readonly after: Block }
  | { readonly kind: "variable"; readonly variable: Variable; readonly after: Block }
  /** The value decides which way the caller goes on. */
  | { readonly kind: "condition"; readonly whenTrue: Block; readonly whenFalse: Block }
  | { readonly kind: "nullable"; readonly variable: Variable; readonly notNull: Block; readonly isNull: Block }
  | { readonly kind: "record"; readonly place: RecordPlace; readonly after: Block };
