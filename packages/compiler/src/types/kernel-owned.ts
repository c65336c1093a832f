import { isKernelOwned, type Layout } from "@weir/bytecode/layout";

/** Whether there is something in a layout that is the kernel's own. */
export const holdsKernelOwned = (layout: Layout): boolean => ownedIn(layout) > 0;

/** How many of what is the kernel's own there are in a layout: of those that it calls so, or of all. */
export function ownedIn(layout: Layout, name?: "bpf_timer" | "bpf_spin_lock"): number {
  switch (layout.kind) {
    case "struct":
      if (isKernelOwned(layout)) return name === undefined || layout.kernelName === name ? 1 : 0;
      return layout.fields.reduce((sum, field) => sum + ownedIn(field.layout, name), 0);
    case "array":
      return layout.length * ownedIn(layout.element, name);
    default:
      return 0;
  }
}
