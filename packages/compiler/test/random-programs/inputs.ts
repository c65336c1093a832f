import { Random } from "@weir/laboratory";

/** Packets to run a program on, one after the other: of several lengths, cut off where records end. */
export function packetsFor(seed: number): readonly Uint8Array[] {
  const random = new Random(seed ^ 0x5bd1e995);
  return Array.from({ length: 6 }, (_, index) => {
    const length = index === 0 ? 130 : 20 + random.below(100);
    // Many bytes are small, so that comparisons and keys sometimes agree.
    return Uint8Array.from({ length }, () => (random.chance(40) ? random.below(4) : random.below(256)));
  });
}
