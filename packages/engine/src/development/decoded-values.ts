/** Values as layouts decode them: numbers, bigints, booleans, bytes, lists and records of such. */

/** The sum of two values of the same layout: numbers are added, of all else the first that is not zero stays. */
export function add(one: unknown, other: unknown): unknown {
  if (typeof one === "number" && typeof other === "number") return one + other;
  if (typeof one === "bigint" && typeof other === "bigint") return one + other;
  if (Array.isArray(one) && Array.isArray(other)) return one.map((each, index) => add(each, other[index]));
  if (isRecord(one) && isRecord(other)) {
    return Object.fromEntries(Object.entries(one).map(([name, each]) => [name, add(each, other[name])]));
  }
  return isZero(one) ? other : one;
}

/** Whether all of a value is zero, as memory is before anything was written to it. */
export function isZero(value: unknown): boolean {
  if (value instanceof Uint8Array) return value.every((byte) => byte === 0);
  if (Array.isArray(value)) return value.every(isZero);
  if (isRecord(value)) return Object.values(value).every(isZero);
  return Number(value) === 0;
}

/** The first number in a value: what entries are put in order by. */
export function firstNumber(value: unknown): number | undefined {
  if (typeof value === "number" || typeof value === "bigint") return Number(value);
  if (value instanceof Uint8Array) return undefined;
  const parts: readonly unknown[] = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
  for (const part of parts) {
    const found = firstNumber(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
