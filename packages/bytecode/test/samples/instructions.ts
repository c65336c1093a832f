import { type Form, forms, type Instruction } from "@weir/bytecode";
import fc from "fast-check";

/** Values that each operand field can have. */
const operandValues = {
  destination: fc.nat(9),
  source: fc.nat(9),
  offset: fc.integer({ min: -0x8000, max: 0x7fff }),
  immediate: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
};

const nothing = { destination: 0, source: 0, offset: 0, immediate: 0 };

/** Any instruction of this form. */
export function instructionOf(form: Form): fc.Arbitrary<Instruction> {
  const operands = Object.fromEntries(form.operands.map((field) => [field, operandValues[field]]));
  return fc.record(operands).map((values) => ({ opcode: form.opcode, ...nothing, ...values, ...form.fixed }));
}

/** Any instruction that takes one slot. */
export const anyInstruction: fc.Arbitrary<Instruction> = fc
  .constantFrom(...forms.filter((form) => form.effect.kind !== "load64"))
  .chain(instructionOf);
