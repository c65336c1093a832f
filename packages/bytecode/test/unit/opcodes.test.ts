import { decodeInstructions, encodeInstructions, formOf, forms, goto, loadImmediate64 } from "@weir/bytecode";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyInstruction, instructionOf } from "../samples/instructions.ts";

describe("the opcode table", () => {
  test("has a name of its own for every form", () => {
    expect(new Set(forms.map(({ name }) => name)).size).toBe(forms.length);
  });

  test.each(forms.map((form) => [form.name, form] as const))("finds %s by its encoding", (_, form) => {
    fc.assert(
      fc.property(instructionOf(form), (instruction) => {
        expect(formOf(instruction)).toBe(form);
      }),
      { numRuns: 10 },
    );
  });

  test("knows no instruction that uses a reserved field", () => {
    const exit = { opcode: 0x95, destination: 0, source: 0, offset: 0, immediate: 0 };

    expect(formOf(exit)?.name).toBe("exit");
    expect(formOf({ ...exit, offset: 1 })).toBeUndefined();
    expect(formOf({ ...exit, opcode: 0xff })).toBeUndefined();
  });
});

describe("encoding", () => {
  test("gives back every instruction", () => {
    fc.assert(
      fc.property(fc.array(anyInstruction), (instructions) => {
        expect(decodeInstructions(encodeInstructions(instructions))).toEqual(instructions);
      }),
    );
  });

  test("gives back every eight bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
        expect(encodeInstructions(decodeInstructions(bytes))).toEqual(bytes);
      }),
    );
  });

  test("refuses what does not fit", () => {
    expect(() => encodeInstructions([goto(0x8000)])).toThrow(/instruction 0 cannot be encoded/);
    expect(() => decodeInstructions(new Uint8Array(9))).toThrow(/9 bytes/);
  });

  test("splits a 64-bit constant into two slots", () => {
    const [low, high] = loadImmediate64(3, 0xffff_ffff_8000_0000n);

    expect(low).toMatchObject({ opcode: 0x18, destination: 3, immediate: -0x8000_0000 });
    expect(high).toEqual({ opcode: 0, destination: 0, source: 0, offset: 0, immediate: -1 });
  });
});
