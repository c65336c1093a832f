import { expect, test } from "vitest";
import { HIGHEST, inWords, LOWEST } from "../../../src/verifier/range.ts";
import { readState } from "../../../src/verifier/register-state.ts";

test.each([
  ["6.1", "R1_w=scalar(umax=255,var_off=(0x0; 0xff))", 0n, 255n],
  ["6.1, a sign", "R1=scalar(smax=7)", LOWEST, 7n],
  ["6.1, known", "R1_w=P14", 14n, 14n],
  ["6.12", "R1_w=scalar(smin=smin32=0,smax=umax=smax32=umax32=31,var_off=(0x0; 0x1f))", 0n, 31n],
  ["6.18, hexadecimal", "R1=scalar(smin=0,smax=umax=0xffffffff,var_off=(0x0; 0xffffffff))", 0n, 0xffff_ffffn],
  ["6.18, below zero", "R1=scalar(id=3,smin=-14,smax=0xfff1)", -14n, 0xfff1n],
  ["6.18, at least", "R1=scalar(umin=1)", LOWEST, HIGHEST],
  ["nothing", "R1=scalar()", LOWEST, HIGHEST],
  ["a pointer with what was added to it", "R1=pkt(id=1,off=4,r=0,smin=0,smax=umax=63,var_off=(0x0; 0x3f))", 0n, 63n],
  ["a pointer", "R1=pkt(off=14,r=14,imm=0)", 0n, 0n],
])("the range of a value in the form of Linux %s", (_, text, min, max) => {
  expect(readState(text).values.get("R1")?.range).toEqual({ min, max });
});

test("a state has a frame, registers and the stack", () => {
  const { frame, values } = readState(
    "frame2: R0_w=map_value_or_null(id=1,map=ROWS,ks=4,vs=36) R6=fp-16 R10=fp0 fp-8_w=scalar() fp-16=mmmm???? refs=2",
  );
  expect(frame).toBe(2);
  expect([...values.keys()]).toEqual(["R0", "R6", "R10", "fp-8"]);
  expect(values.get("R0")).toMatchObject({ type: "map_value_or_null", offset: 0 });
  expect(values.get("R0")?.details.get("vs")).toBe("36");
  expect(values.get("R6")).toMatchObject({ type: "fp", offset: -16 });
});

test.each([
  [{ min: 0n, max: 65_535n }, "0 to 65535"],
  [{ min: LOWEST, max: HIGHEST }, "any number, negative too"],
  [{ min: LOWEST, max: 7n }, "at most 7, negative too"],
  [{ min: -14n, max: 241n }, "-14 to 241, negative too"],
  [{ min: 0n, max: HIGHEST }, "any number from 0"],
  [{ min: 5n, max: HIGHEST }, "5 or more"],
  [{ min: 7n, max: 7n }, "always 7"],
])("%o in words", (range, words) => {
  expect(inWords(range)).toBe(words);
});
