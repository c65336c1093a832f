import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BtfBuilder, callKernelFunction, exit, loadImmediate64 } from "@weir/bytecode";
import { splitBtf } from "@weir/laboratory";
import { afterAll, afterEach, expect, test } from "vitest";
import { replaceNativeCalls } from "../../../src/native/current-calls.ts";
import { loadProgram } from "../../../src/programs/load-program.ts";
import { ObjectTypes } from "../../../src/programs/object-types.ts";
import { replaceTypesFolder } from "../../../src/system/types-folder.ts";
import {
  bpf_btf_info,
  bpf_cmd,
  bpf_object_id,
  bpf_object_info,
  bpf_prog_load,
} from "../../../src/uapi/bpf.generated.ts";
import type { Structure } from "../../../src/uapi/structure.ts";
import { StructureView } from "../../../src/uapi/structure-view.ts";
import { FakeCalls } from "../../fixtures/fake-calls.ts";
import { programSpec } from "../../fixtures/pass-object.ts";

/** BTF with functions that take nothing and give a number. */
function withFunctions(existing: Uint8Array | undefined, linkage: "static" | "extern", ...names: string[]): Uint8Array {
  const builder = new BtfBuilder(existing);
  const int = builder.add({ kind: "int", name: "int", size: 4, encoding: "signed" });
  const type = builder.add({ kind: "function-prototype", type: int, parameters: [] });
  for (const name of names) builder.add({ kind: "function", name, type, linkage });
  return builder.build();
}

// The kernel's function is type 3, and each module's type 4: their numbers go on where the kernel's end.
const base = withFunctions(undefined, "static", "bpf_built_in");
const module = (functionName: string) => splitBtf(base, withFunctions(base, "static", functionName));

const folder = mkdtempSync(join(tmpdir(), "weir-modules-"));
const types = replaceTypesFolder(folder);
writeFileSync(join(folder, "vmlinux"), base);
writeFileSync(join(folder, "first"), module("bpf_one"));
writeFileSync(join(folder, "second"), module("bpf_two"));
afterAll(() => {
  types[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

let replacement: Disposable | undefined;
afterEach(() => replacement?.[Symbol.dispose]());

interface Loaded {
  readonly instructions: readonly (readonly [source: number, offset: number, immediate: number])[];
  /** What the kernel finds at each place of the array of descriptors, by its id; undefined when there is no array. */
  readonly modules: readonly (number | undefined)[] | undefined;
}

/** A kernel with BTF of its own (id 1), of a program (2), and of modules: how many it has, and what it was given to load. */
function fakeKernel({ names = ["first", "second"], nextId = 0 } = {}) {
  const objects = ["vmlinux", "", ...names];
  const idOf = new Map<number, number>();
  const loaded: Loaded[] = [];
  const calls: FakeCalls = new FakeCalls((command, attributes) => {
    const view = <S extends Structure>(structure: S) => new StructureView(structure, attributes);
    switch (command) {
      case bpf_cmd.BPF_BTF_LOAD:
        return calls.newDescriptor();
      case bpf_cmd.BPF_BTF_GET_NEXT_ID: {
        if (nextId < 0) return nextId;
        const ids = view(bpf_object_id);
        if (ids.number("start_id") === objects.length) return -2;
        ids.set("next_id", ids.number("start_id") + 1);
        return 0;
      }
      case bpf_cmd.BPF_BTF_GET_FD_BY_ID: {
        const descriptor = calls.newDescriptor();
        idOf.set(descriptor, view(bpf_object_id).number("btf_id"));
        return descriptor;
      }
      case bpf_cmd.BPF_OBJ_GET_INFO_BY_FD: {
        const asked = view(bpf_object_info);
        const id = idOf.get(asked.number("bpf_fd")) ?? 0;
        const info = new StructureView(bpf_btf_info, calls.at(asked.bigint("info"), bpf_btf_info.size));
        const name = new TextEncoder().encode(`${objects[id - 1]}\0`);
        const { buffer, byteOffset } = calls.at(info.bigint("name"), name.length);
        new Uint8Array(buffer, byteOffset).set(name);
        info.set("kernel_btf", id === 2 ? 0 : 1);
        return 0;
      }
      case bpf_cmd.BPF_PROG_LOAD:
        loaded.push(whatIsLoaded(view(bpf_prog_load)));
        return calls.newDescriptor();
      default:
        return -22;
    }
  });
  function whatIsLoaded(load: StructureView<typeof bpf_prog_load>): Loaded {
    const count = load.number("insn_cnt");
    const code = calls.at(load.bigint("insns"), count * 8);
    const instructions = Array.from({ length: count }, (_, slot) => {
      const source = code.getUint8(slot * 8 + 1) >> 4;
      return [source, code.getInt16(slot * 8 + 2, true), code.getInt32(slot * 8 + 4, true)] as const;
    });
    const array = load.bigint("fd_array");
    if (array === 0n) return { instructions, modules: undefined };
    const list = calls.at(array, 12);
    return { instructions, modules: [0, 4, 8].map((at) => idOf.get(list.getInt32(at, true))) };
  }
  replacement = replaceNativeCalls(calls);
  return { calls, loaded, idOf };
}

/** Loads a program that calls these functions, one after the other. */
function load(...names: string[]): void {
  const spec = {
    ...programSpec("x", [...names.map(() => callKernelFunction(0)), exit()]),
    references: names.map((name, slot) => ({ kind: "kernel-function", slot, name, optional: false }) as const),
  };
  using btf = new ObjectTypes(withFunctions(undefined, "extern", ...names));
  using _ = loadProgram(spec, { license: "GPL", maps: new Map(), btf, offloadTo: undefined });
}

test("a function of a module is named by its number and the module's place among the descriptors", () => {
  const { calls, loaded } = fakeKernel();
  load("bpf_two", "bpf_built_in", "bpf_one", "bpf_two");
  expect(loaded).toEqual([
    {
      instructions: [
        [2, 1, 4],
        [2, 0, 3],
        [2, 2, 4],
        [2, 1, 4],
        [0, 0, 0],
      ],
      // Those of the modules: the first place stands for the kernel itself.
      modules: [undefined, 4, 3],
    },
  ]);
  expect(calls.openDescriptors.size).toBe(0);
});

test("a program that calls no module brings no descriptors", () => {
  const { loaded } = fakeKernel({ nextId: -1 });
  load("bpf_built_in");
  expect(loaded).toMatchObject([{ modules: undefined }]);
});

test("an address of a function of a module goes with the descriptor", () => {
  const { loaded, idOf } = fakeKernel();
  const spec = {
    ...programSpec("x", [...loadImmediate64(0, 0n), exit()]),
    references: [{ kind: "kernel-function", slot: 0, name: "bpf_one", optional: true } as const],
  };
  using btf = new ObjectTypes(withFunctions(undefined, "extern", "bpf_one"));
  using _ = loadProgram(spec, { license: "GPL", maps: new Map(), btf, offloadTo: undefined });
  const [first, second] = loaded[0]?.instructions ?? [];
  expect(first).toEqual([3, 0, 4]);
  expect(idOf.get(second?.[2] ?? 0)).toBe(3);
});

test("without the right to open modules that right is named, and nothing stays open", () => {
  const { calls } = fakeKernel({ nextId: -1 });
  expect(() => load("bpf_one")).toThrow(
    expect.objectContaining({
      isPermissionDenied: true,
      message: expect.stringMatching(/the types of module first failed: EPERM\n.*takes CAP_SYS_ADMIN/),
    }),
  );
  expect(calls.openDescriptors.size).toBe(0);
});

test("a module that has gone meanwhile is named", () => {
  const { calls } = fakeKernel({ names: ["first"] });
  expect(() => load("bpf_one", "bpf_two")).toThrow(
    expect.objectContaining({ isNotFound: true, message: expect.stringContaining("the types of module second") }),
  );
  expect(calls.openDescriptors.size).toBe(0);
});

test.each([
  ["bpf_xdp_ct_lookup", "It is in module nf_conntrack"],
  ["bpf_ct_set_nat_info", "It is in module nf_nat"],
  ["bpf_paint", "it is in a module that is not loaded: modprobe MODULE"],
])("a function that is nowhere is named, with the module to load: %s", (name, advice) => {
  fakeKernel();
  expect(() => load(name)).toThrow(
    expect.objectContaining({
      isNotSupported: true,
      answer: expect.stringContaining(`no function ${name} that programs can call, nor has a module that is loaded`),
      message: expect.stringContaining(advice),
    }),
  );
});
