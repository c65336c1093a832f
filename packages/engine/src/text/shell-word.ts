/** A name as a shell takes it for one word: interfaces may be called `-x` or `it's`. */
export function shellWord(name: string): string {
  return /^[\w.:@%+=/][\w.:@%+=/-]*$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

/** A name as the argument of a command of weir, which would take one with a hyphen in front for an option. */
export function argument(name: string): string {
  return name.startsWith("-") ? `-- ${shellWord(name)}` : shellWord(name);
}
