import { alu, callHelper, exit, goto, load } from "@weir/bytecode";
import fc from "fast-check";
import { expect, test } from "vitest";
import { explain } from "../../../src/verifier/explain.ts";
import { withLineInfo } from "../../fixtures/line-info.ts";
import { programSpec } from "../../fixtures/pass-object.ts";

const { programs, btf } = withLineInfo(
  programSpec("sample", [load(32, 2, 1, 0), alu("mov", 64, 0, 2), callHelper(5), goto(-2), exit()]),
  "sample.bpf.ts",
  [
    { slot: 0, line: 3, column: 1, text: "export const sample = xdp((packet) => {" },
    { slot: 1, line: 0, column: 0, text: "" },
    { slot: 2, line: 5, column: 3, text: "  return monotonicTime();" },
  ],
);
const [sample] = programs.values();
if (sample === undefined) throw new Error("the object has a program");
const explained = (...log: string[]) => explain(sample, btf, log);

// Of what the corpus of the compiler's tests cannot provoke as root, or not on every kernel.
test.each([
  ["invalid read from stack off -8+0 size 8", "stack-uninitialised"],
  ["invalid indirect read from stack R2 off -8+0 size 4", "stack-uninitialised"],
  ["corrupted spill memory", "stack-uninitialised"],
  ["R0 leaks addr as return value", "pointer-leak"],
  ["R3 leaks addr into map", "pointer-leak"],
  ["R1 pointer comparison prohibited", "pointer-arithmetic"],
  ["R4 subtraction from stack pointer prohibited", "pointer-arithmetic"],
  ["R4 tried to subtract pointer from scalar", "pointer-arithmetic"],
  ["value -2147483648 makes pkt pointer be out of bounds", "pointer-range"],
  ["dereference of modified ctx ptr R1 off=8 disallowed", "context"],
  ["Possibly NULL pointer passed to trusted arg0", "null"],
  ["R2 type=map_value_or_null expected=fp, pkt", "null"],
  ["helper call might sleep in non-sleepable prog", "helper"],
  ["calling kernel function bpf_task_acquire is not allowed", "kernel-function"],
  ["metadata kfuncs require device-bound program", "kernel-function"],
  ["cannot call kernel function from non-GPL compatible program", "licence"],
  ["global function calls are not allowed while holding a lock", "lock"],
  ["bpf_rcu_read_lock-ed region is missing bpf_rcu_read_unlock", "lock"],
  ["tail_call would lead to reference leak", "reference"],
  ["back-edge from insn 3 to 2", "back-edge"],
  ["BPF program is too large. Processed 1000001 insn", "too-large"],
  [
    "processed 1000001 insns (limit 1000000) max_states_per_insn 4 total_states 25001 peak_states 25001 mark_read 0",
    "too-large",
  ],
  ["access beyond struct sock at off 900 size 8", "kernel-structure"],
  ["R2 min value is negative, either use unsigned or 'var &= const'", "argument-range"],
  ["recursive call from sample() to sample()", "call-depth"],
])("%s is %s", (reason, kind) => {
  const { meaning, ...refusal } = explained(reason);
  expect(refusal).toMatchObject({ kind, reason });
  expect(meaning.join(" ")).toMatch(/^[A-Z].*\.$/);
});

test("what is not known is left to the verifier's words, and its line is named all the same", () => {
  expect(explained("2: (85) call bpf_ktime_get_ns#5", "something new")).toEqual({
    kind: "unknown",
    reason: "something new",
    slot: 2,
    position: { file: "sample.bpf.ts", line: 5, column: 3, text: "  return monotonicTime();" },
    calls: [],
    meaning: [],
    because: undefined,
    fix: undefined,
  });
});

test("an instruction that no line is given for is said to be of the line before", () => {
  expect(explained("1: (b7) r0 = 2", "something new").position?.line).toBe(3);
});

test("what the loader found lacking is said", () => {
  const log = ["2: (85) call unknown#195896080", "invalid func unknown#195896080"];
  const { kind, meaning } = explain(sample, btf, log, new Map([[2, "field mark of struct sock"]]));
  expect(kind).toBe("relocation");
  expect(meaning).toEqual(["This kernel has no field mark of struct sock."]);
});

test("no log makes it fail", () => {
  const words = fc.constantFrom(
    ...[
      "0: (61) r2 = *(u32 *)(r1 +0)",
      " ; ",
      "R2_w=pkt(r=0)",
      "R1=scalar(umax=0x",
      "frame1: ",
      "from 2 to 9: ",
      "callee:",
      "R0=-",
    ],
    ...[
      "fp-8=mmmm",
      "invalid access to packet, off=1 size=2, R2(id=0,off=1,r=0)",
      "R2 invalid mem access 'scalar'",
      "))((",
      "9: (95) exit",
    ],
    ...[
      "BPF program is too large. Processed 1 insn",
      "Unreleased reference id=2 alloc_insn=99",
      "combined stack size of 2 calls is 600",
    ],
  );
  const line = fc.oneof(
    words,
    fc.string(),
    fc.array(fc.oneof(words, fc.string()), { maxLength: 4 }).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (log) => {
      const { slot } = explain(sample, btf, log);
      expect(slot === undefined || Number.isInteger(slot)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
