import { alu, exit, goto, jump, load } from "@weir/bytecode";
import { loadObject, VerifierError } from "@weir/kernel";
import { expect, test } from "vitest";
import { withLineInfo } from "../fixtures/line-info.ts";
import { objectSpec, programSpec } from "../fixtures/pass-object.ts";
import { carelessProgram } from "../fixtures/programs.ts";

function rejection(act: () => unknown): VerifierError {
  try {
    act();
  } catch (error) {
    if (error instanceof VerifierError) return error;
    throw error;
  }
  throw new Error("the verifier took it");
}

test("a rejected program is shown at its line", () => {
  const text = "  const ports = packet.at(Ports, 14);";
  using object = loadObject(
    withLineInfo(carelessProgram, "src/filter.bpf.ts", [
      { slot: 0, line: 40, column: 1, text: "export default xdp((packet) => {" },
      { slot: 1, line: 41, column: 17, text },
      { slot: 2, line: 42, column: 3, text: "  return PASS;" },
    ]),
  );
  const error = rejection(() => object.program("careless"));
  expect(error.code).toBe("WEIR_VERIFIER");
  expect(error.slot).toBe(1);
  expect(error.position).toEqual({ file: "src/filter.bpf.ts", line: 41, column: 17, text });
  expect(error.message.replace(/\d+ lines of/, "N lines of")).toBe(
    [
      'the kernel rejected program "careless" at src/filter.bpf.ts:41:17',
      "  41 │   const ports = packet.at(Ports, 14);",
      "     │                 ^^^^^^^^^^^^^^^^^^^^",
      "  invalid access to packet, off=14 size=1, R2(id=0,off=14,r=0); R2 offset is outside of the packet",
      "  Nothing on this way compared the packet's end with what is read here: the packet may end before it.",
      "  Read through packet.at(layout, offset) and test the result for null before its first use.",
      "  (N lines of the verifier's log omitted)",
    ].join("\n"),
  );
  expect(error.format()).toContain("1: (71) r0 = *(u8 *)(r2 +14)");
});

test("without line info the instruction is named", () => {
  using object = loadObject(objectSpec([carelessProgram]));
  const error = rejection(() => object.program("careless"));
  expect(error.position).toBeUndefined();
  expect(error.message).toContain(
    'the kernel rejected program "careless" at instruction 1\n  invalid access to packet',
  );
});

test("an uninitialised register", () => {
  using object = loadObject(objectSpec([programSpec("unset", [alu("mov", 64, 0, { register: 5 }), exit()])]));
  expect(rejection(() => object.program("unset")).reason).toBe("R5 !read_ok");
});

test("an instruction that is never reached", () => {
  using object = loadObject(objectSpec([programSpec("endless", [alu("mov", 64, 0, 0), goto(-2), exit()])]));
  expect(rejection(() => object.program("endless"))).toMatchObject({ slot: 2, reason: "unreachable insn 2" });
});

test("an endless loop", () => {
  const instructions = [alu("mov", 64, 0, 0), load(32, 2, 1, 0), jump("ne", 64, 0, 5, -1), exit()];
  using object = loadObject(objectSpec([programSpec("endless", instructions)]));
  expect(rejection(() => object.program("endless")).message).toContain(
    "The loop has no bound that the verifier can see",
  );
});

test("a log of megabytes arrives whole, with the reason at its end", () => {
  // Counts to 5,000 before it goes wrong: each round is some hundred bytes of log.
  const instructions = [
    load(32, 2, 1, 0),
    alu("mov", 64, 3, 0),
    alu("add", 64, 3, 1),
    jump("ult", 64, 3, 5_000, -2),
    load(8, 0, 2, 14),
    exit(),
  ];
  using object = loadObject(objectSpec([programSpec("long", instructions)]));
  const error = rejection(() => object.program("long"));
  expect(error.reason).toMatch(/^invalid access to packet/);
  expect(error.slot).toBe(4);
  expect(error.log.length).toBeGreaterThan(5_000);
});
