import { type Layout, spinLock } from "@weir/bytecode/layout";

/** Whether there is a lock in a layout: the kernel lets programs neither read nor write it. */
export function holdsLock(layout: Layout): boolean {
  if (layout === spinLock) return true;
  if (layout.kind === "struct") return layout.fields.some((field) => holdsLock(field.layout));
  return layout.kind === "array" && holdsLock(layout.element);
}
