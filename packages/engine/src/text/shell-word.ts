import { shellWord } from "@weir/kernel";

/** A name as the argument of a command of weir, which would take one with a hyphen in front for an option. */
export function argument(name: string): string {
  return name.startsWith("-") ? `-- ${shellWord(name)}` : shellWord(name);
}
