import type { Layout, StructLayout } from "@weir/bytecode/layout";

/** Whether something is the kernel's own: a lock, a timer. Programs neither read nor write it. */
export const isKernelOwned = (layout: Layout): layout is StructLayout & { readonly kernelName: string } =>
  layout.kind === "struct" && layout.kernelName !== undefined;

/** Whether there is something in a layout that is the kernel's own. */
export function holdsKernelOwned(layout: Layout): boolean {
  if (isKernelOwned(layout)) return true;
  if (layout.kind === "struct") return layout.fields.some((field) => holdsKernelOwned(field.layout));
  return layout.kind === "array" && holdsKernelOwned(layout.element);
}

/** How many of what is the kernel's own there are in a layout, by its name there. */
export function ownedIn(layout: Layout, name: "bpf_timer" | "bpf_spin_lock"): number {
  switch (layout.kind) {
    case "struct":
      if (layout.kernelName === name) return 1;
      return layout.fields.reduce((sum, field) => sum + ownedIn(field.layout, name), 0);
    case "array":
      return layout.length * ownedIn(layout.element, name);
    default:
      return 0;
  }
}
