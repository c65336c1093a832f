import { expect, test } from "vitest";
import { explainRejection } from "../../../src/programs/explain-rejection.ts";
import { readRejection } from "../../../src/programs/read-rejection.ts";

// As Linux wrote them: the form of states and comments differs between releases.
const logs: readonly (readonly [string, string, { slot: number | undefined; reason: string }])[] = [
  [
    "6.1, access outside of the packet",
    `
func#0 @0
0: R1=ctx(off=0,imm=0) R10=fp0
; const ports = packet.at(Ports, 14);
0: (61) r2 = *(u32 *)(r1 +0)          ; R1=ctx(off=0,imm=0) R2_w=pkt(off=0,r=0,imm=0)
1: (71) r0 = *(u8 *)(r2 +14)
invalid access to packet, off=14 size=1, R2(id=0,off=14,r=0)
R2 offset is outside of the packet
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0`,
    {
      slot: 1,
      reason: "invalid access to packet, off=14 size=1, R2(id=0,off=14,r=0); R2 offset is outside of the packet",
    },
  ],
  [
    "6.12, a value that may be null",
    `
func#0 @0
6: (85) call bpf_map_lookup_elem#1    ; R0_w=map_value_or_null(id=1,map=flows,ks=4,vs=8)
; value.packets += 1 @ monitor.bpf.ts:31
7: (79) r1 = *(u64 *)(r0 +0)
R0 invalid mem access 'map_value_or_null'
processed 8 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0`,
    { slot: 7, reason: "R0 invalid mem access 'map_value_or_null'" },
  ],
  [
    "precision marks between the instruction and the reason",
    `
12: (0f) r2 += r3
mark_precise: frame0: last_idx 12 first_idx 0 subseq_idx -1
mark_precise: frame0: regs=r3 stack= before 11: (b7) r3 = 70000
math between pkt pointer and register with unbounded min value is not allowed
processed 13 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0`,
    { slot: 12, reason: "math between pkt pointer and register with unbounded min value is not allowed" },
  ],
  [
    "before the first instruction",
    "unreachable insn 2\nprocessed 0 insns (limit 1000000)",
    { slot: 2, reason: "unreachable insn 2" },
  ],
  [
    "6.1, behind a source line that was cut off",
    "133: for (let i: u32 = 0; i < 3 && cback-edge from insn 132 to 133\nprocessed 0 insns (limit 1000000) peak_states 0",
    { slot: 132, reason: "back-edge from insn 132 to 133" },
  ],
  [
    "about the whole program",
    "BPF program is too large. Processed 1000001 insn",
    { slot: undefined, reason: "BPF program is too large. Processed 1000001 insn" },
  ],
];

test.each(logs)("the reason in a log of %s", (_, log, expected) => {
  expect(readRejection(log.trim().split("\n"))).toEqual(expected);
});

test.each([
  ["invalid access to packet, off=14 size=1", /not covered by a bounds check/],
  ["R0 invalid mem access 'map_value_or_null'", /before it was tested for null/],
  ["R5 !read_ok", /no value on some path/],
  ["back-edge from insn 132 to 133", /Before Linux 6.7/],
  ["infinite loop detected at insn 4", /no bound that the verifier can see/],
  ["BPF program is too large. Processed 1000001 insn", /too complex to verify/],
  ["combined stack size of 2 calls is 600. Too large", /512 bytes of stack/],
  ["cannot call GPL-restricted function from non-GPL compatible program", /licence/],
])("%s is explained", (reason, words) => {
  expect(explainRejection(reason).join(" ")).toMatch(words);
});

test("what is not known is left to the verifier's words", () => {
  expect(explainRejection("something new")).toEqual([]);
});
