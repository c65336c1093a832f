import { expect, test } from "vitest";
import { readVerifierLog } from "../../../src/verifier/verifier-log.ts";

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
    "a reason without a line's end, before the statistics",
    "3: (85) call bpf_tail_call#12\nexpected prog array map for tail callprocessed 3 insns (limit 1000000) peak_states 0",
    { slot: 3, reason: "expected prog array map for tail call" },
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
  [
    "a program that is too large, behind a jump",
    `
4: (04) w1 += 1                       ; R1=0x3d090
5: (be) if w1 <= w0 goto pc-2 BPF program is too large. Processed 1000001 insn
processed 1000001 insns (limit 1000000) max_states_per_insn 4 total_states 25001 peak_states 25001 mark_read 0
`,
    { slot: 4, reason: "BPF program is too large. Processed 1000001 insn" },
  ],
  [
    "a way with too many jumps, behind one of them",
    "3: (15) if r3 == 0x7 goto pc+1 The sequence of 8193 jumps is too complex.",
    { slot: undefined, reason: "The sequence of 8193 jumps is too complex." },
  ],
  ["nothing that is known", "something new", { slot: undefined, reason: "something new" }],
];

test.each(logs)("the reason in a log of %s", (_, log, expected) => {
  expect(readVerifierLog(log.trim().split("\n"))).toMatchObject(expected);
});

/** The slots of the way that was refused, from its end. */
function wayOf(log: string): number[] {
  const way: number[] = [];
  for (let step = readVerifierLog(log.trim().split("\n")).last; step !== undefined; step = step.before) {
    if (step.slot !== undefined) way.push(step.slot);
  }
  return way;
}

test("a way is found back over the jump that was taken up again", () => {
  const log = `
0: (61) r2 = *(u32 *)(r1 +0)          ; R1=ctx() R2=scalar()
1: (15) if r2 == 0x7 goto pc+2        ; R2=scalar()
2: (b7) r0 = 1                        ; R0=1
3: (95) exit

from 1 to 4: R1=ctx() R2=7 R10=fp0
4: R1=ctx() R2=7 R10=fp0
4: (15) if r1 == 0x0 goto pc+2
5: (b7) r0 = 2                        ; R0=2
6: (95) exit

from 4 to 7: safe

from 1 to 4 (speculative execution): R1=ctx() R2=scalar() R10=fp0
8: (79) r0 = *(u64 *)(r2 +0)
R2 invalid mem access 'scalar'`;
  // Slot 1 was taken up twice, and is known once: the second time nothing before it is.
  expect(wayOf(log)).toEqual([8]);
  expect(wayOf(log.slice(0, log.indexOf("from 4 to 7")))).toEqual([6, 5, 4, 1, 0]);
});

test("of a slot that was visited often the latest visit is taken up first", () => {
  const log = `
0: (b7) r2 = 0                        ; R2=0
1: (15) if r3 == 0x7 goto pc+2        ; R3=scalar()
2: (07) r2 += 1                       ; R2=1
1: (15) if r3 == 0x7 goto pc+2        ; R3=scalar()
2: (07) r2 += 1                       ; R2=2
3: (95) exit
from 1 to 4: R2=1 R3=7 R10=fp0
4: (95) exit
from 1 to 4: R2=0 R3=7 R10=fp0
4: (79) r0 = *(u64 *)(r2 +0)
R2 invalid mem access 'scalar'`;
  expect(wayOf(log)).toEqual([4, 1, 0]);
});
