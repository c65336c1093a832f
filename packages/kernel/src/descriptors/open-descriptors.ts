/** A descriptor that is open, and the place in the program that opened it. */
export interface OpenDescriptor {
  readonly what: string;
  readonly number: number;
  readonly openedAt: string;
}

let tracked: Map<object, OpenDescriptor> | undefined;

/**
 * Records where descriptors are opened from here on, so that {@link openDescriptors} can name leaks. For tests.
 *
 * @example
 * ```ts
 * trackDescriptors();
 * loadObject(monitor);
 * openDescriptors().map(({ what, openedAt }) => `${what} opened ${openedAt}`);
 * ```
 */
export function trackDescriptors(): void {
  tracked ??= new Map();
}

/** The descriptors that were opened since tracking began and are open still. */
export function openDescriptors(): OpenDescriptor[] {
  return [...(tracked?.values() ?? [])];
}

/** Forgets what is open, so that one leak is told once. */
export function forgetDescriptors(): void {
  tracked?.clear();
}

export function noteOpened(owner: object, what: string, number: number): void {
  if (tracked === undefined) return;
  const stack = new Error().stack ?? "";
  tracked.set(owner, { what, number, openedAt: stack.split("\n").slice(3).join("\n") });
}

export function noteClosed(owner: object): void {
  tracked?.delete(owner);
}
