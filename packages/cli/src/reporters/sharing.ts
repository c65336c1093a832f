import type { Shared } from "@weir/engine";

/** What a program among several does, as the rest of a sentence of which it is the subject. */
export function sharedWords({ position, programs }: Shared): string {
  if (programs.length === 1) return "runs by way of a dispatcher, so that other programs may join it";
  const list = programs.map(({ name, priority }) => `${name} (priority ${priority})`).join(", ");
  return `runs as program ${position} of ${programs.length}: ${list}`;
}
