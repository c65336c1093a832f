/**
 * One 8-byte eBPF instruction slot (RFC 9669, section 3).
 *
 * A 64-bit immediate load takes two consecutive slots, the second with opcode 0, as in the kernel: so an index into an
 * array of instructions is a slot number everywhere (jumps, line info, relocations, verifier messages).
 */
export interface Instruction {
  readonly opcode: number;
  readonly destination: number;
  readonly source: number;
  /** Signed 16-bit. */
  readonly offset: number;
  /** Signed 32-bit. */
  readonly immediate: number;
}
