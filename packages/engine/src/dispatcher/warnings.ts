import type { Shared } from "./seat.ts";

/**
 * What a program does not see, a sentence each: what the programs before it keep from it.
 *
 * @param done what is done with packets: they are `counted` unless given
 * @param does the same of something that does it
 */
export function sharingWarnings({ position, programs }: Shared, done = "counted", does = "counts"): string[] {
  const before = programs.slice(0, position - 1);
  if (before.length === 0) return [];
  const list = before.map(({ name, priority }) => `${name} (priority ${priority})`).join(", ");
  const [run, they] = before.length === 1 ? ["runs", "it does"] : ["run", "they do"];
  const lowest = Math.min(...before.map(({ priority }) => priority));
  const remedy = lowest === 0 ? "" : ` --priority ${lowest - 1} or lower ${does} them.`;
  return [`${list} ${run} before weir: packets that ${they} not pass are not ${done}.${remedy}`];
}
