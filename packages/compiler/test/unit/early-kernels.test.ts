import { alu, exit, goto, type Instruction, jump } from "@weir/bytecode";
import { describe, expect, test } from "vitest";
import { controlFlowComplaint } from "../../../codegen/test/depth-first.ts";
import { compileFixture, fixturePrograms } from "../fixture-programs.ts";

describe("verifiers before Linux 6.7 find nothing wrong with the ways through", () => {
  test.each(fixturePrograms)("%s", (name) => {
    for (const options of [{}, { registers: 3 }, { registers: 5 }, { without: ["order-blocks"] }] as const) {
      const { object } = compileFixture(name, options);
      for (const { instructions } of object?.programs.values() ?? []) {
        expect(controlFlowComplaint(instructions)).toBeUndefined();
      }
    }
  });
});

test("they complain of a way back that is no jump, and of what nothing reaches", () => {
  const count = alu("add", 64, 0, 1);
  const intoBeginning: Instruction[] = [alu("mov", 64, 0, 0), goto(1), count, count, jump("ult", 64, 0, 9, -3), exit()];
  expect(controlFlowComplaint(intoBeginning)).toBe("back-edge from insn 2 to 3");
  const byJump = intoBeginning
    .toSpliced(2, 1, count, goto(0))
    .with(1, goto(2))
    .with(5, jump("ult", 64, 0, 9, -4));
  expect(controlFlowComplaint(byJump)).toBeUndefined();
  expect(controlFlowComplaint([exit(), exit()])).toBe("unreachable insn");
});
