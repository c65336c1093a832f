import { alu, exit, loadMapAddress, type MapSpec, type MapType } from "@weir/bytecode";
import { BpfMap, CpuMap, DeviceMap, findInterface, inNetworkNamespace, loadObject } from "@weir/kernel";
import { NetworkNamespace } from "@weir/laboratory";
import { expect, test } from "vitest";
import { mapSpec, objectSpec, programSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

const MMAPABLE = 1 << 10;
const keyless = { keySize: 0, valueSize: 0 } as const;

test("an arena is mapped before a program that uses it is loaded", () => {
  const arena = mapSpec({ name: "arena", type: "arena", ...keyless, maxEntries: 4, flags: MMAPABLE });
  const uses = {
    ...programSpec("uses", [...loadMapAddress(1), alu("mov", 64, 0, VERDICT.pass), exit()]),
    references: [{ kind: "map", slot: 0, map: "arena" }] as const,
  };
  using object = loadObject(objectSpec([uses], [arena]));
  const memory = new Uint8Array(object.arena("arena"));
  memory[5] = 7;
  expect(memory.length).toBeGreaterThanOrEqual(4 * 4096);
  expect(programOf(object, "uses").testRun({ data: new Uint8Array(14) }).verdict).toBe(VERDICT.pass);
  expect(memory[5]).toBe(7);
  expect(() => object.arena("other")).toThrow('no arena "other" is mapped; there are arena');

  using elsewhere = BpfMap.create({ ...arena, extra: 0x1000_0000_0000n });
  expect(elsewhere.info.extra).toBe(0x1000_0000_0000n);
});

test.each([
  ["ring-buffer", { ...keyless, maxEntries: 5000 }, 8192],
  ["perf-event-array", { valueSize: 4, maxEntries: 0 }, undefined],
] as const satisfies readonly (readonly [MapType, Partial<MapSpec>, number | undefined])[])(
  "a %s has a size that suits the machine",
  (type, sizes, expected) => {
    using map = BpfMap.create(mapSpec({ name: "events", type, ...sizes }));
    if (expected === undefined) expect(map.info.maxEntries).toBeGreaterThan(0);
    else expect(map.info.maxEntries).toBe(expected);
  },
);

test("programs run at devices and CPUs when they are loaded for that", () => {
  const atDevice = { ...verdictProgram("at_device", VERDICT.pass), section: "xdp/devmap" };
  const atCpu = { ...verdictProgram("at_cpu", VERDICT.pass), section: "xdp/cpumap" };
  const plain = verdictProgram("plain", VERDICT.pass);
  const targets = { valueSize: 8, maxEntries: 2 };
  using object = loadObject(
    objectSpec(
      [atDevice, atCpu, plain],
      [
        mapSpec({ name: "devices", type: "device-map", ...targets }),
        mapSpec({ name: "cpus", type: "cpu-map", ...targets }),
      ],
    ),
  );
  using namespace = NetworkNamespace.create();
  using devices = DeviceMap.of(object.map("devices"));
  using cpus = CpuMap.of(object.map("cpus"));
  const program = programOf(object, "at_device");
  inNetworkNamespace(namespace.path, () => {
    const { index } = findInterface("lo");
    devices.set(0, { interfaceIndex: index, program });
    expect(devices.get(0)).toEqual({ interfaceIndex: index, programId: program.id });
    expect(() => devices.set(1, { interfaceIndex: index, program: programOf(object, "plain") })).toThrow("EINVAL");
  });
  cpus.set(0, { queueSize: 64, program: programOf(object, "at_cpu") });
  // The kernel takes any failure to make the entry for want of memory.
  expect(() => cpus.set(0, { queueSize: 64, program })).toThrow("ENOMEM");
});
