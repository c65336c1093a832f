import { KernelError } from "../errors/kernel-error.ts";
import { linkInfo } from "../links/links.ts";
import { BpfMap } from "../maps/bpf-map.ts";
import { BpfProgram } from "../programs/bpf-program.ts";
import { kindOf, openPinned } from "./object-path.ts";

/** What is pinned at a path; of a link, its program. */
export type PinnedObject =
  | { readonly kind: "map"; readonly map: BpfMap }
  | { readonly kind: "program" | "link"; readonly program: BpfProgram };

/**
 * Opens what is pinned at a path, whatever it is.
 *
 * @example
 * ```ts
 * const pinned = openPinnedObject("/sys/fs/bpf/drop");
 * if (pinned.kind !== "map") console.log(pinned.program.name);
 * ```
 * Since Linux 4.4, links since 5.7.
 * @throws {KernelError} `WEIR_NOT_FOUND`
 */
export function openPinnedObject(path: string): PinnedObject {
  using stack = new DisposableStack();
  const descriptor = stack.use(openPinned(path, "map, program or link"));
  switch (kindOf(descriptor)) {
    case "map":
      stack.move();
      return { kind: "map", map: new BpfMap(descriptor) };
    case "program":
      stack.move();
      return { kind: "program", program: new BpfProgram(descriptor) };
    case "link":
      return { kind: "link", program: BpfProgram.byId(linkInfo(descriptor).programId) };
    case undefined:
      throw new KernelError({
        code: "WEIR_NOT_SUPPORTED",
        attempted: "BPF_OBJ_GET",
        subject: path,
        errno: 0,
        answer: "it is neither a map nor a program nor a link",
        advice: [],
      });
  }
}
