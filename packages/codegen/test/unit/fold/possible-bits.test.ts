import { expect, test } from "vitest";
import { possibleBits } from "../../../src/fold/possible-bits.ts";
import { IrFunction } from "../../../src/ir/function.ts";

const irFunction = new IrFunction("program", 1, undefined);

/** The bits of a byte that is shifted; an amount that became known late is not folded yet. */
function bitsOfShifted(operator: "shl" | "shr", amount: bigint): bigint {
  const byte = irFunction.value(
    64,
    { kind: "zero-extend" },
    [
      irFunction.value(
        32,
        { kind: "load", bits: 8, offset: 0, volatile: false, packet: false, relocation: undefined },
        [...irFunction.parameters],
        undefined,
      ),
    ],
    undefined,
  );
  return possibleBits(
    irFunction.value(64, { kind: "binary", operator }, [byte, irFunction.constant(64, amount)], undefined),
  );
}

test("a shift by more than the width is one modulo the width", () => {
  expect(bitsOfShifted("shl", 4n)).toBe(0xff0n);
  expect(bitsOfShifted("shl", 68n)).toBe(0xff0n);
  expect(bitsOfShifted("shl", (1n << 64n) - 64n)).toBe(0xffn);
  expect(bitsOfShifted("shr", 64n)).toBe(0xffn);
  expect(bitsOfShifted("shr", 68n)).toBe(0xfn);
});
