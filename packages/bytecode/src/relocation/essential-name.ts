/**
 * The name of a type without its flavour: `task_struct` of `task_struct___v6`. Several local types may stand for one type of the
 * kernel, as it is in different versions.
 */
export function essentialName(name: string): string {
  return /^(.*[^_])___[^_]/s.exec(name)?.[1] ?? name;
}
