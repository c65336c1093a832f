import type { Shared } from "./seat.ts";

/** What a monitor does not see, a sentence each: what the programs before it keep from it. */
export function sharingWarnings({ position, programs }: Shared): string[] {
  const before = programs.slice(0, position - 1);
  if (before.length === 0) return [];
  const list = before.map(({ name, priority }) => `${name} (priority ${priority})`).join(", ");
  const [run, they] = before.length === 1 ? ["runs", "it does"] : ["run", "they do"];
  const lowest = Math.min(...before.map(({ priority }) => priority));
  const remedy = lowest === 0 ? "" : ` --priority ${lowest - 1} or lower counts them.`;
  return [`${list} ${run} before weir: packets that ${they} not pass are not counted.${remedy}`];
}
