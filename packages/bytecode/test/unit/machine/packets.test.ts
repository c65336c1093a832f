import { alu, exit, type Instruction, load, store } from "@weir/bytecode";
import { Machine } from "@weir/bytecode/machine";
import { describe, expect, test } from "vitest";
import { call } from "../../samples/map.ts";

const frame = Uint8Array.from({ length: 64 }, (_, index) => index);
const context = alu("mov", 64, 6, { register: 1 });
const move = (helper: Parameters<typeof call>[0], by: number): Instruction[] => [
  alu("mov", 64, 1, { register: 6 }),
  alu("mov", 64, 2, by),
  call(helper),
];

describe("a packet", () => {
  test("keeps its bytes when its ends move, and gets what was cut off again", () => {
    const code = [context, ...move("bpf_xdp_adjust_head", 20), ...move("bpf_xdp_adjust_head", -10), exit()];
    const { packet, result } = Machine.of(code).run({ packet: frame });
    expect(result).toBe(0n);
    expect(packet).toEqual(frame.subarray(10));
  });

  test("has zeros behind when it grows, and not what was cut off", () => {
    const code = [context, ...move("bpf_xdp_adjust_tail", -10), ...move("bpf_xdp_adjust_tail", 10), exit()];
    expect(Machine.of(code).run({ packet: frame }).packet).toEqual(
      Uint8Array.from(frame, (byte, index) => (index < 54 ? byte : 0)),
    );
  });

  test.each(["bpf_xdp_adjust_head", "bpf_xdp_adjust_tail", "bpf_xdp_adjust_meta"] as const)(
    "%s kills the addresses from before, also when it fails",
    (helper) => {
      for (const by of [0, -4, 10_000]) {
        const code = [context, load(32, 7, 1, 0), ...move(helper, by), load(8, 0, 7, 0), exit()];
        expect(() => Machine.of(code).run({ packet: frame })).toThrow(
          `the packet is read, but ${helper} may have moved the packet since its address was taken`,
        );
      }
    },
  );

  test("is reached again by what the context says then", () => {
    const code = [context, ...move("bpf_xdp_adjust_head", 4), load(32, 7, 6, 0), load(8, 0, 7, 0), exit()];
    expect(Machine.of(code).run({ packet: frame }).result).toBe(4n);
  });

  test("has metadata before it, which are no part of it", () => {
    const code = [
      context,
      ...move("bpf_xdp_adjust_meta", -4),
      load(32, 7, 6, 8),
      store(32, 7, 0, 0x01020304),
      load(32, 7, 6, 0),
      load(8, 0, 7, 0),
      exit(),
    ];
    const outcome = Machine.of(code).run({ packet: frame, metadata: Uint8Array.of(9, 8, 7, 6) });
    expect(outcome.metadata).toEqual(Uint8Array.of(4, 3, 2, 1, 9, 8, 7, 6));
    expect(outcome.packet).toEqual(frame);
    expect(() => Machine.of(code).run({ packet: frame, metadata: new Uint8Array(3) })).toThrow("a multiple of 4");
  });

  test("is not reached before its start, nor behind the end that the context says", () => {
    const read = (offset: number) => Machine.of([load(32, 2, 1, 0), load(8, 0, 2, offset), exit()]);
    expect(() => read(-1).run({ packet: frame })).toThrow("1 byte at offset -1 of the packet is read; it has 64");
    expect(() => read(64).run({ packet: frame })).toThrow("1 byte at offset 64 of the packet is read; it has 64");
  });

  test("in several buffers: the first is reached directly, all by copying", () => {
    const packet = Uint8Array.from({ length: 9000 }, (_, index) => index % 251);
    const code = [
      context,
      alu("mov", 64, 2, 8000),
      alu("mov", 64, 3, { register: 10 }),
      alu("add", 64, 3, -8),
      alu("mov", 64, 4, 8),
      call("bpf_xdp_load_bytes"),
      load(8, 7, 10, -8),
      load(32, 2, 6, 0),
      load(32, 3, 6, 4),
      alu("sub", 64, 3, { register: 2 }),
      alu("shl", 64, 3, 16),
      alu("or", 64, 7, { register: 3 }),
      alu("mov", 64, 1, { register: 6 }),
      call("bpf_xdp_get_buff_len"),
      alu("shl", 64, 0, 32),
      alu("or", 64, 0, { register: 7 }),
      exit(),
    ];
    const { result, packet: after } = new Machine(bareObject(code)).run({ packet });
    expect([result >> 32n, (result >> 16n) & 0xffffn, result & 0xffn]).toEqual([9000n, 3520n, 8000n % 251n]);
    expect(after).toEqual(packet);
  });
});

describe("a context", () => {
  test("of XDP is read by words, and never written", () => {
    expect(() => Machine.of([load(64, 0, 1, 0), exit()]).run()).toThrow("its fields are words of 32 bits");
    expect(() => Machine.of([load(16, 0, 1, 12), exit()]).run()).toThrow("its fields are words of 32 bits");
    expect(Machine.of([load(32, 0, 1, 12), exit()]).run({ ingressInterface: 7 }).result).toBe(7n);
    expect(Machine.of([load(32, 0, 1, 16), exit()]).run({ receiveQueue: 5 }).result).toBe(5n);
    expect(Machine.of([load(32, 0, 1, 20), exit()]).run({ egressInterface: 3 }).result).toBe(3n);
    expect(Machine.of([load(32, 0, 1, 12), exit()]).run().result).toBe(1n);
  });

  test("of tcx has a packet, a mark that is written, and fields that are not", () => {
    const tcx = (...code: Instruction[]) => Machine.of([...code, alu("mov", 64, 0, 0), exit()], { type: "tcx" });
    const mark = Machine.of([store(32, 1, 8, 9), load(32, 0, 1, 8), exit()], { type: "tcx" });
    expect(mark.run({ packet: frame, mark: 4 }).result).toBe(9n);
    const first = Machine.of([load(32, 2, 1, 76), load(8, 0, 2, 1), exit()], { type: "tcx" });
    expect(first.run({ packet: frame }).result).toBe(1n);
    const protocol = Machine.of([load(32, 0, 1, 16), exit()], { type: "tcx" });
    expect(protocol.run({ packet: frame }).result).toBe(0x0d0cn);
    expect(() => tcx(store(32, 1, 0, 1)).run({ packet: frame })).toThrow("the context is written at 0");
  });

  test("of a typed tracepoint has arguments, which may point into the kernel", () => {
    const code = [load(64, 2, 1, 8), load(32, 0, 2, 4), exit()];
    const machine = Machine.of(code, { type: "typed-tracepoint" });
    const task = machine.kernelMemory("a task", new Uint8Array(Uint32Array.of(1, 77).buffer));
    expect(machine.run({ arguments: [5n, task] }).result).toBe(77n);
    // The kernel catches the fault of a null pointer.
    expect(machine.run({ arguments: [5n, 0n] }).result).toBe(0n);
    expect(() => machine.run({ arguments: [5n, 1n << 50n] })).toThrow("where there is no memory");
    expect(() => machine.run({ arguments: [5n] })).toThrow("8 bytes at offset 8 of the context are read; it has 8");
  });

  test("of socket operations is bytes that are read and written", () => {
    const machine = Machine.of([load(32, 0, 1, 0), store(32, 1, 4, 3), exit()], { type: "socket-operations" });
    const { result, context: after } = machine.run({ context: Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0) });
    expect(result).toBe(2n);
    expect(after).toEqual(Uint8Array.of(2, 0, 0, 0, 3, 0, 0, 0));
  });
});

function bareObject(instructions: readonly Instruction[]) {
  const lists = { references: [], functions: [], lines: [] };
  const program = { name: "jumbo", section: "xdp.frags", type: "xdp" as const, frags: true, instructions, ...lists };
  return { license: "", maps: new Map(), programs: new Map([["jumbo", program]]), configs: new Map(), btf: undefined };
}
