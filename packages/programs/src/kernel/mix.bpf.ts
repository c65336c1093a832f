import type { u64 } from "@weir/bytecode/layout";

/**
 * A sum of products with random factors, folded and multiplied once more by an odd one: in the upper half of the sum alone, ports or addresses
 * that follow each other stay together with one set of factors in some hundred. Different sums stay different.
 */
export function mix(sum: u64, factor: u64): u64 {
  return (sum ^ (sum >> 32)) * factor;
}
