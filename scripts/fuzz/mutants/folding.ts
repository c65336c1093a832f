import type { Mutant } from "./mutant.ts";

const binary = "codegen/src/fold/binary.ts";
const bitwise = "codegen/src/fold/bitwise.ts";
const branch = "codegen/src/fold/branch.ts";
const constant = "codegen/src/fold/constant.ts";
const conversion = "codegen/src/fold/conversion.ts";
const shift = "codegen/src/fold/shift.ts";
const bits = "codegen/src/fold/possible-bits.ts";

export const folding: readonly Mutant[] = [
  {
    file: binary,
    find: "maker.constant(width, -rightConstant)",
    replace: "maker.constant(width, rightConstant)",
    breaks: "x - c becomes x + c",
  },
  {
    file: binary,
    find: "if (left === right) return maker.constant(width, 0n);",
    replace: "if (left === right) return left;",
    breaks: "x - x becomes x",
  },
  {
    file: binary,
    find: 'if (rightConstant === 0n) return left;\n      if (rightConstant === undefined || !isPowerOfTwo(rightConstant)) return undefined;\n      return binary("and"',
    replace:
      'if (rightConstant === 0n) return right;\n      if (rightConstant === undefined || !isPowerOfTwo(rightConstant)) return undefined;\n      return binary("and"',
    breaks: "x % 0 becomes 0",
  },
  {
    file: binary,
    find: "maker.constant(width, rightConstant - 1n)",
    replace: "maker.constant(width, rightConstant)",
    breaks: "x % 8 becomes x & 8",
  },
  {
    file: binary,
    find: "innerConstant + constant)",
    replace: "innerConstant - constant)",
    breaks: "(x + c) + d becomes x + (c - d)",
  },
  {
    file: binary,
    find: "value > 0n && (value & (value - 1n)) === 0n",
    replace: "value > 0n && (value & 1n) === 0n",
    breaks: "x * 6 becomes a shift",
  },
  {
    file: bitwise,
    find: 'return operator === "xor" ? maker.constant(width, 0n) : left;',
    replace: "return left;",
    breaks: "x ^ x becomes x",
  },
  {
    file: bitwise,
    find: "? innerConstant & constant",
    replace: "? innerConstant | constant",
    breaks: "(x & c) & d becomes x & (c | d)",
  },
  {
    file: bitwise,
    find: ": innerConstant ^ constant",
    replace: ": innerConstant | constant",
    breaks: "(x ^ c) ^ d becomes x ^ (c | d)",
  },
  {
    file: bitwise,
    find: "if ((bits & constant) === bits) return left;",
    replace: "if ((bits & constant) !== 0n) return left;",
    breaks: "a mask that cuts something off is left out",
  },
  {
    file: bitwise,
    find: "if (constant === 0n) return left;",
    replace: "if (constant <= 1n) return left;",
    breaks: "x | 1 becomes x",
  },
  {
    file: branch,
    find: '  ult: "ugt",\n  ule: "uge",\n  ugt: "ult"',
    replace: '  ult: "uge",\n  ule: "ugt",\n  ugt: "ult"',
    breaks: "c < x becomes x >= c",
  },
  {
    file: branch,
    find: 'if (comparison === "uge" && rightConstant === 1n) return { comparison: "ne"',
    replace: 'if (comparison === "uge" && rightConstant === 1n) return { comparison: "eq"',
    breaks: "x >= 1 becomes x === 0",
  },
  {
    file: branch,
    find: 'inverted: comparison === "eq" };',
    replace: "inverted: false };",
    breaks: "(x & m) === 0 becomes (x & m) !== 0",
  },
  {
    file: branch,
    find: "return constant > bits ? true : constant === 0n ? false : undefined;",
    replace: "return constant >= bits ? true : constant === 0n ? false : undefined;",
    breaks: "a byte is always below 255",
  },
  {
    file: branch,
    find: "maker.constant(width, swapBytes(bits, constant))",
    replace: "maker.constant(width, constant)",
    breaks: "a swapped value is compared with the constant as it is",
  },
  {
    file: branch,
    find: "maker.constant(width, constant - innerConstant)",
    replace: "maker.constant(width, constant + innerConstant)",
    breaks: "x + c === d becomes x === d + c",
  },
  {
    file: branch,
    find: "UNSIGNED[comparison] ?? comparison, width: 32",
    replace: "comparison, width: 32",
    breaks: "zero-extended values are compared as signed ones",
  },
  {
    file: constant,
    find: "return BigInt.asUintN(width, BigInt.asIntN(width, left) >> amount);",
    replace: "return left >> amount;",
    breaks: "constants are shifted without their sign",
  },
  {
    file: constant,
    find: "const amount = right & BigInt(width - 1);",
    replace: "const amount = right & 31n;",
    breaks: "constants of 64 bits are shifted by less",
  },
  {
    file: constant,
    find: "return signedLeft < signedRight;",
    replace: "return left < right;",
    breaks: "negative constants are large",
  },
  {
    file: constant,
    find: "return right === 0n ? left : left % right;",
    replace: "return right === 0n ? 0n : left % right;",
    breaks: "c % 0 is 0",
  },
  {
    file: constant,
    find: "signed >= -0x8000_0000n && signed <= 0x7fff_ffffn",
    replace: "signed >= -0x8000_0000n && signed <= 0xffff_ffffn",
    breaks: "constants with 32 bits get a sign",
  },
  {
    file: conversion,
    find: "BigInt.asIntN(from, constant)",
    replace: "constant",
    breaks: "constants are extended without their sign",
  },
  {
    file: conversion,
    find: "possibleBits(wide.current) <= 0xffff_ffffn",
    replace: "possibleBits(wide.current) <= 0xffff_ffff_ffff_ffffn",
    breaks: "what was cut off comes back",
  },
  {
    file: conversion,
    find: "if (possibleBits(value) >> BigInt(from - 1) !== 0n) return undefined;",
    replace: "if (possibleBits(value) >> BigInt(from) !== 0n) return undefined;",
    breaks: "the sign bit is taken for a plain one",
  },
  {
    file: conversion,
    find: "if (bits !== 16) return operands[0].current;",
    replace: "return operands[0].current;",
    breaks: "two swaps of 16 bits keep the bits above",
  },
  {
    file: shift,
    find: "const sum = innerAmount + amount;",
    replace: "const sum = innerAmount;",
    breaks: "(x << a) << b becomes x << a",
  },
  {
    file: shift,
    find: '"shl shr": all >> amount',
    replace: '"shl shr": all << amount',
    breaks: "(x << a) >> a keeps the wrong bits",
  },
  {
    file: shift,
    find: 'return operator === "sar" ? shift("sar", base, bits - 1n) : maker.constant(width, 0n);',
    replace: "return maker.constant(width, 0n);",
    breaks: "a negative number that is shifted far is 0",
  },
  {
    file: bits,
    find: "return (1n << BigInt(operation.bits)) - 1n;",
    replace: "return (1n << BigInt(operation.bits - 1)) - 1n;",
    breaks: "the highest bit of what is loaded is taken for 0",
  },
  {
    file: bits,
    find: 'case "or":\n        case "xor":\n          return of(0) | of(1);',
    replace: 'case "or":\n        case "xor":\n          return of(0);',
    breaks: "the right side of | brings no bits",
  },
  {
    file: "codegen/src/fold/stored.ts",
    find: 'operation.kind === "truncate" ||',
    replace: 'operation.kind === "truncate" ||\n    operation.kind === "byte-swap" ||',
    breaks: "a swap is left out before a store",
  },
];
