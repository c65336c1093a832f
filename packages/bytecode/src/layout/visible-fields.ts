import type { Layout, LayoutField, StructLayout } from "./language.ts";

/** Whether something is the kernel's own: a lock, a timer. Programs neither read nor write it. */
export const isKernelOwned = (layout: Layout): layout is StructLayout & { readonly kernelName: string } =>
  layout.kind === "struct" && layout.kernelName !== undefined;

/** The fields of a record without those that are the kernel's own: the kernel gives zeros for them, and takes none. */
export const visibleFields = ({ fields }: StructLayout): readonly LayoutField[] =>
  fields.filter(({ layout }) => !isKernelOwned(layout));
