import type { Block } from "./block.ts";
import type { Dominators } from "./dominators.ts";
import type { Loop } from "./loops.ts";
import { type TripCount, tripCount } from "./trip-count.ts";
import type { Value } from "./value.ts";

/** Rounds that are gone through: verifiers do the same, and a program has few loops that are longer. */
const MOST_ROUNDS = 2048;

/**
 * How large the values can become that follow from the counter of a loop alone. Verifiers, which go through each round, know each of
 * them exactly.
 */
export function countedMaxima(
  loops: readonly Loop<Block>[],
  dominators: Dominators<Block>,
): ReadonlyMap<Value, bigint> {
  const maxima = new Map<Value, bigint>();
  for (const loop of loops) {
    if (callsKernelFunctions(loop)) continue;
    const trips = tripCount(loop, dominators, MOST_ROUNDS);
    if (trips === undefined) continue;
    // Where the test comes first, what is behind it is not done in the round that ends the loop.
    const isBehindTest = (block: Block): boolean =>
      trips.inside !== loop.header && dominators.dominates(trips.inside, block);
    const forgotten = forgottenValues(loop);
    for (const block of loop.body) {
      for (const value of block.values) {
        if (forgotten.has(value)) continue;
        const largest = largestOf(value, trips, isBehindTest(block));
        if (largest !== undefined) maxima.set(value, largest);
      }
    }
    for (const phi of loop.header.phis) {
      if (forgotten.has(phi)) continue;
      const largest = largestOf(phi, trips, false);
      if (largest !== undefined) maxima.set(phi, largest);
    }
  }
  return maxima;
}

/** What verifiers do not compute, even of constants: what is divided or turned around, and what follows from it. */
function forgottenValues({ body }: Loop<Block>): ReadonlySet<Value> {
  const forgotten = new Set<Value>();
  const values = [...body].flatMap((block) => [...block.phis, ...block.values]);
  for (let before = -1; before < forgotten.size; ) {
    before = forgotten.size;
    for (const value of values) {
      const { operation, operands } = value;
      const forgets =
        operation.kind === "byte-swap" ||
        (operation.kind === "binary" && (operation.operator === "div" || operation.operator === "mod"));
      if (forgets || operands.some((operand) => forgotten.has(operand.current))) forgotten.add(value);
    }
  }
  return forgotten;
}

function largestOf(value: Value, { counted, valuesOf }: TripCount, isBehindTest: boolean): bigint | undefined {
  if (!counted.has(value)) return undefined;
  const values = valuesOf(value);
  let largest = 0n;
  for (const each of isBehindTest ? values.slice(0, -1) : values) {
    if (each === undefined) return undefined;
    if (each > largest) largest = each;
  }
  return largest;
}

/** What a verifier knows of counters it forgets where an iterator of the kernel goes on. */
function callsKernelFunctions({ body }: Loop<Block>): boolean {
  return [...body].some(({ values }) =>
    values.some(({ operation: { kind } }) => kind.startsWith("call-") && kind !== "call-helper"),
  );
}
