import { alu, exit } from "@weir/bytecode";
import { u64 } from "@weir/bytecode/layout";
import { ArrayMap, attachTracepoint, kernelFieldOffset, loadObject } from "@weir/kernel";
import { describe, expect, test } from "vitest";
import { countOne } from "../fixtures/count-one.ts";
import { mapSpec, objectSpec, programSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";

describe("tracepoints", () => {
  test.each([
    ["raw-tracepoint", "raw_tp/bpf_test_finish"],
    ["typed-tracepoint", "tp_btf/bpf_test_finish"],
  ] as const)("a %s program runs until its link is closed", (type, section) => {
    const spec = {
      ...programSpec("count", countOne()),
      type,
      section,
      references: [{ kind: "map", slot: 1, map: "counts" }] as const,
    };
    using object = loadObject(objectSpec([spec], [mapSpec({ name: "counts", type: "array", maxEntries: 1 })]));
    const counts = ArrayMap.of(object.map("counts"), { value: u64 });
    using packets = loadObject(objectSpec([verdictProgram("pass", VERDICT.pass)]));
    const run = () => programOf(packets, "pass").testRun({ data: new Uint8Array(14) });
    {
      using _link = attachTracepoint(programOf(object, "count"), spec);
      run();
      // Other processes may run tests as well.
      expect(counts.at(0)).toBeGreaterThan(0n);
    }
    const after = counts.at(0);
    run();
    expect(counts.at(0)).toBe(after);
  });

  test("a tracepoint that does not exist is named", () => {
    const spec = {
      ...programSpec("count", [alu("mov", 64, 0, 0), exit()]),
      type: "raw-tracepoint",
      section: "raw_tp/nothing",
    } as const;
    using object = loadObject(objectSpec([spec]));
    expect(() => attachTracepoint(programOf(object, "count"), spec)).toThrow("tracepoint nothing failed: ENOENT");
    const typed = { ...spec, type: "typed-tracepoint", section: "tp_btf/nothing" } as const;
    using other = loadObject(objectSpec([typed]));
    expect(() => other.program("count")).toThrow("this kernel has no tracepoint nothing");
  });
});

test("fields of the kernel's structures are found, also inside others and behind anonymous parts", () => {
  expect(kernelFieldOffset("xdp_md", "ingress_ifindex")).toBe(12);
  expect(kernelFieldOffset("nlmsgerr", "msg.nlmsg_type")).toBe(8);
  expect(kernelFieldOffset("bpf_devmap_val", "bpf_prog.fd")).toBe(4);
  expect(() => kernelFieldOffset("xdp_md", "colour")).toThrow("struct xdp_md has no field colour");
  expect(() => kernelFieldOffset("no_such_structure", "field")).toThrow("struct no_such_structure has no field field");
});
