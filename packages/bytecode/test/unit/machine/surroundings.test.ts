import {
  alu,
  BtfBuilder,
  callHelper,
  callKernelFunction,
  exit,
  type Instruction,
  jump,
  load,
  loadFunctionAddress,
  loadMapAddress,
  type MapSpec,
  type ObjectSpec,
  store,
} from "@weir/bytecode";
import { Machine } from "@weir/bytecode/machine";
import { describe, expect, test } from "vitest";
import { call, key, keyAndMap, mapReferences, mapSpec, numberOf, value } from "../../samples/map.ts";

const result = (machine: Machine) => machine.run().result;

describe("what a program finds around it", () => {
  test("time stands still until it is let pass", () => {
    const machine = Machine.of([call("bpf_ktime_get_ns"), exit()]);
    expect([result(machine), result(machine)]).toEqual([1_000_000_000n, 1_000_000_000n]);
    machine.advance(5n);
    expect(result(machine)).toBe(1_000_000_005n);
    const jiffies = Machine.of([call("bpf_jiffies64"), exit()]);
    jiffies.advance(2_999_999n);
    expect(result(jiffies)).toBe(1002n);
    jiffies.clock.tick = 4_000_000n;
    expect(result(jiffies)).toBe(250n);
  });

  test("random numbers are the same ones in every machine, unless they are chosen", () => {
    const code = [call("bpf_get_prandom_u32"), exit()];
    const [first, second] = [Machine.of(code), Machine.of(code)];
    const drawn = [result(first), result(first)];
    expect([result(second), result(second)]).toEqual(drawn);
    expect(drawn[0]).not.toBe(drawn[1]);
    first.random = () => 7;
    expect(result(first)).toBe(7n);
  });

  test("the CPU is the one that was chosen", () => {
    const machine = Machine.of([call("bpf_get_smp_processor_id"), exit()], {}, { cpus: 4 });
    machine.cpu = 3;
    expect(result(machine)).toBe(3n);
    expect(() => {
      machine.cpu = 4;
    }).toThrow("there is no CPU 4: the machine has 4, from 0 on");
    expect(() => Machine.of([], {}, { cpus: 0 })).toThrow("a machine has at least one CPU, not 0");
  });

  test("the process is the one that was described", () => {
    const pid = Machine.of([call("bpf_get_current_pid_tgid"), exit()]);
    Object.assign(pid.task, { processId: 10, threadId: 11 });
    expect(result(pid)).toBe((10n << 32n) | 11n);
    const uid = Machine.of([call("bpf_get_current_uid_gid"), exit()]);
    Object.assign(uid.task, { userId: 1000, groupId: 100 });
    expect(result(uid)).toBe((100n << 32n) | 1000n);
    const name = Machine.of([
      alu("mov", 64, 1, { register: 10 }),
      alu("add", 64, 1, -16),
      alu("mov", 64, 2, 16),
      call("bpf_get_current_comm"),
      load(64, 0, 10, -16),
      exit(),
    ]);
    name.task.command = "weir";
    expect(result(name)).toBe(0x72696577n);
  });

  test("routes are what the test answers; without, it is said how to", () => {
    const code = [
      store(64, 10, -64, 2),
      alu("mov", 64, 2, { register: 10 }),
      alu("add", 64, 2, -64),
      alu("mov", 64, 3, 64),
      alu("mov", 64, 4, 1),
      call("bpf_fib_lookup"),
      load(8, 1, 10, -56),
      alu("shl", 64, 0, 8),
      alu("or", 64, 0, { register: 1 }),
      exit(),
    ];
    const machine = Machine.of(code);
    expect(() => machine.run()).toThrow("set its fibLookup to a function that answers");
    machine.fibLookup = (request, flags) => {
      expect([request.length, request[0], flags]).toEqual([64, 2, 1]);
      request[8] = 9;
      return 4;
    };
    expect(result(machine)).toBe(0x409n);
  });

  test("memory of the kernel is read where the test has put some, and gives zeros elsewhere", () => {
    const code = [
      load(64, 3, 1, 0),
      alu("mov", 64, 1, { register: 10 }),
      alu("add", 64, 1, -8),
      alu("mov", 64, 2, 8),
      call("bpf_probe_read_kernel"),
      load(64, 1, 10, -8),
      alu("add", 64, 0, { register: 1 }),
      exit(),
    ];
    const machine = Machine.of(code, { type: "raw-tracepoint" });
    const address = machine.kernelMemory("a number", value(41n));
    expect(machine.run({ arguments: [address] }).result).toBe(41n);
    expect(BigInt.asIntN(64, machine.run({ arguments: [address + 4n] }).result)).toBe(-14n);
    expect(BigInt.asIntN(64, machine.run({ arguments: [8n] }).result)).toBe(-14n);
  });

  test("what is printed is kept, line by line", () => {
    const text = "%d of %u\n\0";
    const code = [
      ...[...text].map((letter, index) => store(8, 10, index - 16, letter.charCodeAt(0))),
      alu("mov", 64, 1, { register: 10 }),
      alu("add", 64, 1, -16),
      alu("mov", 64, 2, text.length),
      alu("mov", 64, 3, -3),
      alu("mov", 64, 4, 8),
      call("bpf_trace_printk"),
      exit(),
    ];
    const machine = Machine.of(code);
    expect(result(machine)).toBe(8n);
    expect(machine.trace).toEqual(["-3 of 8"]);
  });

  test("what an iterator writes is what its reader gets", () => {
    const write = [
      store(16, 10, -8, 0x6968),
      alu("mov", 64, 1, 0),
      alu("mov", 64, 2, { register: 10 }),
      alu("add", 64, 2, -8),
      alu("mov", 64, 3, 2),
      call("bpf_seq_write"),
    ];
    const machine = Machine.of([...write, ...write, exit()], { type: "iterator" });
    expect(machine.run()).toMatchObject({ result: 0n, output: new TextEncoder().encode("hihi") });
    expect(machine.run().output).toHaveLength(4);
  });

  test("a helper or kernel function that the machine lacks is named, with how to give it one", () => {
    expect(() => Machine.of([call("bpf_check_mtu"), exit()]).run()).toThrow(
      "bpf_check_mtu is called, which the machine does not have: give it one as helpers.bpf_check_mtu",
    );
    expect(Machine.of([call("bpf_check_mtu"), exit()], {}, { helpers: { bpf_check_mtu: () => 6n } }).run().result).toBe(
      6n,
    );
    const references = [{ kind: "kernel-function", slot: 0, name: "bpf_task_from_pid", optional: false }] as const;
    const code = [callKernelFunction(1), exit()];
    expect(() => Machine.of(code, { references }).run()).toThrow("give it one as kernelFunctions.bpf_task_from_pid");
    const kernelFunctions = { bpf_task_from_pid: () => 8n };
    expect(Machine.of(code, { references }, { kernelFunctions }).run().result).toBe(8n);
    expect(() => Machine.of([callHelper(99_999), exit()]).run()).toThrow("helper 99999 is called, which no kernel has");
  });
});

describe("what a program must give back", () => {
  const reserve = (size: number): readonly Instruction[] => [
    ...loadMapAddress(1),
    alu("mov", 64, 2, size),
    alu("mov", 64, 3, 0),
    call("bpf_ringbuf_reserve"),
  ];
  const ring = (code: readonly Instruction[]) =>
    Machine.of(code, {
      maps: [mapSpec({ type: "ring-buffer", keySize: 0, valueSize: 0, maxEntries: 4096 })],
      references: mapReferences(code),
    });

  test("a record that is neither submitted nor discarded", () => {
    expect(() => ring([...reserve(8), alu("mov", 64, 0, 0), exit()]).run()).toThrow(
      'a record of ring buffer "COUNTS" was neither submitted nor discarded',
    );
  });

  test("a record is dead when it was submitted, and is not submitted twice", () => {
    const submit = [
      alu("mov", 64, 6, { register: 0 }),
      alu("mov", 64, 1, { register: 0 }),
      alu("mov", 64, 2, 0),
      call("bpf_ringbuf_submit"),
    ];
    const late = ring([...reserve(8), ...submit, store(64, 6, 0, 1), exit()]);
    expect(() => late.run()).toThrow('a record of ring buffer "COUNTS" is written, but it was submitted');
    const twice = [alu("mov", 64, 0, { register: 6 }), ...submit, exit()];
    expect(() => ring([...reserve(8), ...submit, ...twice]).run()).toThrow("is not the address of a reserved record");
  });
});

describe("maps of the machine alone", () => {
  test("an LRU map drops what was used least recently: looked up counts, and written", () => {
    const code = [
      load(32, 2, 1, 0),
      load(8, 3, 2, 0),
      ...keyAndMap(3),
      call("bpf_map_lookup_elem"),
      alu("mov", 64, 0, 2),
      exit(),
    ];
    const machine = Machine.of(code, {
      maps: [mapSpec({ type: "lru-hash", maxEntries: 3 })],
      references: mapReferences(code),
    });
    const map = machine.map("COUNTS");
    for (const number of [1, 2, 3]) map.set(key(number), value(0n));
    machine.run({ packet: Uint8Array.of(1) });
    map.set(key(2), value(5n));
    map.set(key(4), value(0n));
    expect([...map.entries()].map(([one]) => one[0])).toEqual([1, 2, 4]);
  });

  test("a per-CPU map has a value for each CPU, and user space sees all of them", () => {
    const code = [
      alu("mov", 64, 3, 0),
      ...keyAndMap(3),
      call("bpf_map_lookup_elem"),
      jump("eq", 64, 0, 0, 3),
      load(64, 1, 0, 0),
      alu("add", 64, 1, 1),
      store(64, 0, 0, { register: 1 }),
      alu("mov", 64, 0, 2),
      exit(),
    ];
    const bare = { maps: [mapSpec({ type: "per-cpu-array" })], references: mapReferences(code) };
    const machine = Machine.of(code, bare, { cpus: 3 });
    for (const cpu of [0, 2, 2]) {
      machine.cpu = cpu;
      machine.run();
    }
    const all = machine.map("COUNTS").get(key(0)) ?? new Uint8Array();
    expect([0, 8, 16].map((at) => numberOf(all.subarray(at, at + 8)))).toEqual([1n, 0n, 2n]);
  });

  test("an element that a callback deletes is not visited", () => {
    const callback = [
      // Deletes all keys of the table: 1, 2 and 3.
      ...[1, 2, 3].flatMap((number) => [alu("mov", 64, 3, number), ...keyAndMap(3), call("bpf_map_delete_elem")]),
      alu("mov", 64, 0, 0),
      exit(),
    ];
    const visit = [alu("mov", 64, 3, 0), alu("mov", 64, 4, 0), call("bpf_for_each_map_elem"), exit()];
    const code = [...loadMapAddress(1), ...loadFunctionAddress(2, visit.length + 1), ...visit, ...callback];
    const machine = Machine.of(code, { maps: [mapSpec({ maxEntries: 3 })], references: mapReferences(code) });
    for (const number of [1, 2, 3]) machine.map("COUNTS").set(key(number), value(0n));
    expect(result(machine)).toBe(1n);
    expect([...machine.map("COUNTS").entries()]).toEqual([]);
  });

  test("a value that programs must not write is refused", () => {
    const code = [alu("mov", 64, 3, 0), ...keyAndMap(3), call("bpf_map_lookup_elem"), store(64, 0, 0, 1), exit()];
    const READ_ONLY = 128;
    const bare = { maps: [mapSpec({ type: "array", flags: READ_ONLY })], references: mapReferences(code) };
    expect(() => Machine.of(code, bare).run()).toThrow('a value of map "COUNTS" is written; it can be read only');
  });

  test("what a type of map cannot do is said", () => {
    const queue = Machine.of([], { maps: [mapSpec({ type: "queue", keySize: 0 })] }).map("COUNTS");
    expect(() => queue.get(key(0))).toThrow('map "COUNTS" is a queue: it has no values by key');
    expect(() => Machine.of([], { maps: [mapSpec({ type: "arena" })] })).toThrow("which the machine does not have");
  });
});

describe("timers", () => {
  /** The function at slot 0 starts the timer of the element that the packet names; the callback adds the time to its value. */
  const code = (): readonly Instruction[] => {
    const main = [
      load(32, 2, 1, 0),
      load(8, 8, 2, 0),
      load(8, 9, 2, 1),
      alu("mul", 64, 9, 1000),
      ...keyAndMap(8),
      call("bpf_map_lookup_elem"),
      alu("mov", 64, 6, { register: 0 }),
      alu("add", 64, 6, 8),
      alu("mov", 64, 1, { register: 6 }),
      ...loadMapAddress(2),
      alu("mov", 64, 3, 1),
      call("bpf_timer_init"),
      alu("mov", 64, 1, { register: 6 }),
    ];
    const tail = [
      call("bpf_timer_set_callback"),
      alu("mov", 64, 1, { register: 6 }),
      alu("mov", 64, 2, { register: 9 }),
      alu("mov", 64, 3, 0),
      call("bpf_timer_start"),
      exit(),
    ];
    const callback = [
      alu("mov", 64, 6, { register: 3 }),
      call("bpf_ktime_get_ns"),
      store(64, 6, 0, { register: 0 }),
      alu("mov", 64, 0, 0),
      exit(),
    ];
    return [...main, ...loadFunctionAddress(2, tail.length + 1), ...tail, ...callback];
  };

  function object(): ObjectSpec {
    const btf = new BtfBuilder();
    const u64 = btf.add({ kind: "int", name: "u64", size: 8, encoding: "unsigned" });
    const timer = btf.add({ kind: "struct", name: "bpf_timer", size: 16, members: [] });
    const members = [
      { name: "at", type: u64, bitOffset: 0 },
      { name: "timer", type: timer, bitOffset: 64 },
    ];
    const valueType = btf.add({ kind: "struct", name: "value", size: 24, members });
    const map: MapSpec = mapSpec({ type: "array", valueSize: 24, valueType, maxEntries: 4 });
    const instructions = code();
    const program = {
      name: "arm",
      section: "xdp",
      type: "xdp",
      frags: false,
      instructions,
      references: mapReferences(instructions),
      functions: [],
      lines: [],
    } as const;
    const maps = new Map([[map.name, map]]);
    return { license: "GPL", maps, programs: new Map([["arm", program]]), configs: new Map(), btf: btf.build() };
  }

  test("fire in their order when their time comes, at that time", () => {
    const machine = new Machine(object());
    const firedAt = (index: number) => numberOf(machine.map("COUNTS").get(key(index)));
    expect(machine.run({ packet: Uint8Array.of(0, 30) }).result).toBe(0n);
    machine.run({ packet: Uint8Array.of(1, 10) });
    machine.run({ packet: Uint8Array.of(2, 200) });

    machine.advance(9_999n);
    expect([0, 1, 2].map(firedAt)).toEqual([0n, 0n, 0n]);
    machine.advance(50_000n);
    expect([0, 1, 2].map(firedAt)).toEqual([1_000_030_000n, 1_000_010_000n, 0n]);
    expect(machine.clock.now).toBe(1_000_059_999n);
    machine.advance(1_000_000n);
    expect(firedAt(2)).toBe(1_000_200_000n);
  });

  test("keep what is in them from user space", () => {
    const machine = new Machine(object());
    machine.run({ packet: Uint8Array.of(0, 30) });
    const map = machine.map("COUNTS");
    map.set(key(0), new Uint8Array(24).fill(7));
    expect(map.get(key(0))?.subarray(8)).toEqual(new Uint8Array(16));
    machine.advance(30_000n);
    expect(numberOf(map.get(key(0)))).toBe(1_000_030_000n);
  });
});
