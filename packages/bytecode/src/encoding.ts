import type { Instruction } from "./instruction.ts";

/** Bytes of one instruction slot. */
export const SLOT_SIZE = 8;

/**
 * The instructions as the kernel takes them: 8 bytes each, little-endian.
 *
 * @example
 * ```ts
 * encodeInstructions([alu("mov", 64, 0, 2), exit()]); // b7 00 00 00 02 00 00 00, 95 00 00 00 00 00 00 00
 * ```
 * @throws {RangeError} when a field does not fit: a jump that is too far, an immediate that is no signed 32-bit number.
 */
export function encodeInstructions(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(instructions.length * SLOT_SIZE);
  const view = new DataView(bytes.buffer);
  for (const [slot, instruction] of instructions.entries()) {
    const { opcode, destination, source, offset, immediate } = instruction;
    const fits =
      opcode === (opcode & 0xff) &&
      destination === (destination & 0xf) &&
      source === (source & 0xf) &&
      offset === (offset << 16) >> 16 &&
      immediate === (immediate | 0);
    if (!fits) throw new RangeError(`instruction ${slot} cannot be encoded: ${JSON.stringify(instruction)}`);
    const at = slot * SLOT_SIZE;
    view.setUint8(at, opcode);
    view.setUint8(at + 1, (source << 4) | destination);
    view.setInt16(at + 2, offset, true);
    view.setInt32(at + 4, immediate, true);
  }
  return bytes;
}

/**
 * The instructions in `bytes`; whether they are valid ones, `invalidInstructions` says.
 *
 * @example
 * ```ts
 * const code = encodeInstructions([alu("mov", 64, 0, 2), exit()]);
 * disassemble(decodeInstructions(code)); // 0: r0 = 2, 1: exit
 * ```
 * @throws {RangeError} when `bytes` is not a whole number of slots.
 */
export function decodeInstructions(bytes: Uint8Array): Instruction[] {
  if (bytes.length % SLOT_SIZE !== 0) {
    throw new RangeError(`${bytes.length} bytes are no whole number of ${SLOT_SIZE}-byte instructions`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / SLOT_SIZE }, (_, slot) => {
    const at = slot * SLOT_SIZE;
    const registers = view.getUint8(at + 1);
    return {
      opcode: view.getUint8(at),
      destination: registers & 0xf,
      source: registers >> 4,
      offset: view.getInt16(at + 2, true),
      immediate: view.getInt32(at + 4, true),
    };
  });
}
