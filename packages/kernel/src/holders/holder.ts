/** Who keeps a program alive: by itself, or by a link that attaches it. */
export type Holder = HoldingProcess | Pin;

/** What is held: the program, or a link with it. */
export type Held =
  | { readonly kind: "program"; readonly programId: number }
  | { readonly kind: "link"; readonly linkId: number; readonly programId: number };

/** A process with an open descriptor. */
export interface HoldingProcess {
  readonly by: "process";
  readonly pid: number;
  /** The words of its command line, with a space between them; the kernel's short name where it hides them. */
  readonly command: string;
  readonly held: Held;
}

/** A name in a BPF file system. */
export interface Pin {
  readonly by: "pin";
  readonly path: string;
  readonly held: Held;
}

/**
 * A holder in words.
 *
 * @example
 * ```ts
 * describeHolder({ by: "pin", path: "/sys/fs/bpf/xdp/link", held: { kind: "link", linkId: 5, programId: 42 } });
 * // "link 5, pinned at /sys/fs/bpf/xdp/link"
 * ```
 */
export function describeHolder(holder: Holder): string {
  const { held } = holder;
  const what = held.kind === "link" ? `link ${held.linkId}` : `program ${held.programId}`;
  return holder.by === "pin"
    ? `${what}, pinned at ${holder.path}`
    : `${what}, held by process ${holder.pid} (${holder.command})`;
}
