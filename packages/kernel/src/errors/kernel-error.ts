/** The stable names of what can go wrong; the text of an error is for people only. */
export type KernelErrorCode =
  | "WEIR_PERMISSION"
  | "WEIR_NOT_FOUND"
  | "WEIR_NO_INTERFACE"
  | "WEIR_BUSY"
  | "WEIR_NOT_SUPPORTED"
  | "WEIR_MAP_FULL"
  | "WEIR_MAP_LAYOUT"
  | "WEIR_NO_MEMORY"
  | "WEIR_VERIFIER"
  | "WEIR_CLOSED"
  | "WEIR_KERNEL";

/** What an error says of itself. */
export interface KernelErrorParts {
  readonly code: KernelErrorCode;
  /** What was attempted: a command of bpf(2), a system call, a netlink request. */
  readonly attempted: string;
  /** On what: `map "flows"`. */
  readonly subject: string;
  /** 0 when the kernel was not the one that refused. */
  readonly errno: number;
  /** The kernel's answer: the error's name, and its words where it has some. */
  readonly answer: string;
  /** What it means and what to do: a sentence each. */
  readonly advice: readonly string[];
}

/**
 * The kernel refused something. The message says what was attempted, on what, the kernel's answer, and what to do.
 *
 * @example
 * ```
 * BPF_MAP_UPDATE_ELEM on map "blocked" failed: E2BIG
 *   The map already holds its 1024 entries.
 *   Raise maxEntries, delete entries, or declare it as an LRU map.
 * ```
 */
export class KernelError extends Error {
  override readonly name: string = "KernelError";
  readonly code: KernelErrorCode;
  readonly attempted: string;
  readonly subject: string;
  /** Error number, 0 when the kernel was not the one that refused. */
  readonly errno: number;
  /** The kernel's answer: the error's name, and its words where it has some. */
  readonly answer: string;
  readonly advice: readonly string[];

  constructor(parts: KernelErrorParts, options?: ErrorOptions) {
    const head = `${parts.attempted} on ${parts.subject} failed: ${parts.answer}`;
    super([head, ...parts.advice.map((sentence) => `  ${sentence}`)].join("\n"), options);
    this.code = parts.code;
    this.attempted = parts.attempted;
    this.subject = parts.subject;
    this.errno = parts.errno;
    this.answer = parts.answer;
    this.advice = parts.advice;
  }

  /** The process lacks a capability, or the kernel is locked down. */
  get isPermissionDenied(): boolean {
    return this.code === "WEIR_PERMISSION";
  }

  /** The file, object or interface does not exist. */
  get isNotFound(): boolean {
    return this.code === "WEIR_NOT_FOUND" || this.code === "WEIR_NO_INTERFACE";
  }

  /** Somebody else holds what was asked for: another XDP program, for instance. */
  get isBusy(): boolean {
    return this.code === "WEIR_BUSY";
  }

  /** This kernel, driver or mode cannot do it; another one may. */
  get isNotSupported(): boolean {
    return this.code === "WEIR_NOT_SUPPORTED";
  }
}
