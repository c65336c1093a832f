/** Counters of a record, by their names. */
export type Sums<Name extends string> = Readonly<Record<Name, bigint>>;

/** Adds up the parts of all CPUs, field by field. */
export function sumOfCpus<Name extends string>(parts: readonly Sums<Name>[]): Record<Name, bigint> {
  const [first, ...others] = parts;
  if (first === undefined) throw new RangeError("a per-CPU value has a part for each CPU");
  const sums: Record<Name, bigint> = { ...first };
  for (const part of others) {
    for (const name of namesOf(sums)) sums[name] += part[name];
  }
  return sums;
}

/** What has been counted since an earlier reading. */
export function since<Name extends string>(now: Sums<Name>, before: Sums<Name>): Record<Name, bigint> {
  const counted: Record<Name, bigint> = { ...now };
  for (const name of namesOf(counted)) {
    const [later, earlier]: [bigint, bigint] = [now[name], before[name]];
    counted[name] = later - earlier;
  }
  return counted;
}

function namesOf<Name extends string>(sums: Sums<Name>): Name[] {
  // A record that was decoded has the fields of its layout and no others.
  return Object.keys(sums) as Name[];
}
