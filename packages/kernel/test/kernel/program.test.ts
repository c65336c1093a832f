import { u64 } from "@weir/bytecode/layout";
import { ArrayMap, BpfProgram, enableStatistics, loadObject } from "@weir/kernel";
import { ethernet } from "@weir/testing";
import { describe, expect, test } from "vitest";
import { BpfMount } from "../fixtures/bpf-mount.ts";
import { mapSpec, objectSpec, VERDICT, verdictProgram } from "../fixtures/pass-object.ts";
import { programOf } from "../fixtures/program-of.ts";
import { countingProgram, overwritingProgram } from "../fixtures/programs.ts";

const frame = ethernet().ipv4().udp({ destinationPort: 53 }).toBytes();
const pass = objectSpec([verdictProgram("pass", VERDICT.pass)]);
const counting = objectSpec([countingProgram("count", "packets")], [mapSpec({ name: "packets", type: "array" })]);

test("a look-up by name gives the program, or the names there are", () => {
  using object = loadObject(pass);
  expect(object.program("pass").kind).toBe("loaded");
  expect(object.program("filter")).toEqual({ kind: "not found", available: ["pass"] });
  expect(() => object.map("flows")).toThrow('the object has no map "flows"; it has none');
});

describe("a test run", () => {
  test.each(Object.entries(VERDICT))("gives the verdict %s", (name, verdict) => {
    using object = loadObject(objectSpec([verdictProgram(name, verdict)]));
    expect(programOf(object, name).testRun({ data: frame }).verdict).toBe(verdict);
  });

  test("gives the packet as the program left it", () => {
    using object = loadObject(objectSpec([overwritingProgram]));
    const { data, verdict } = programOf(object, "overwrite").testRun({ data: frame });
    expect(verdict).toBe(VERDICT.drop);
    expect(data).toEqual(Uint8Array.from([0xff, ...frame.subarray(1)]));
  });

  test("runs as often as asked, and says how long one takes", () => {
    using object = loadObject(counting);
    const { nanoseconds } = programOf(object, "count").testRun({ data: frame, repeat: 100_000 });
    expect(ArrayMap.of(object.map("packets"), { value: u64 }).at(0)).toBe(100_000n);
    expect(nanoseconds).toBeGreaterThan(0);
    expect(nanoseconds).toBeLessThan(100_000);
  });

  test("refuses fewer bytes than an Ethernet header", () => {
    using object = loadObject(pass);
    expect(() => programOf(object, "pass").testRun({ data: new Uint8Array(13) })).toThrow(
      "A test packet must have at least 14 bytes",
    );
  });

  test("takes jumbo frames for a program that takes frags", () => {
    using object = loadObject(pass);
    const jumbo = { data: new Uint8Array(9000) };
    const program = programOf(object, "pass", { frags: true });
    expect(program.testRun(jumbo)).toMatchObject({ verdict: VERDICT.pass, data: jumbo.data });
  });
});

test("live frames run through the program in earnest", () => {
  using object = loadObject(counting);
  programOf(object, "count").sendLiveFrames({ data: frame, count: 1000, batchSize: 32 });
  expect(ArrayMap.of(object.map("packets"), { value: u64 }).at(0)).toBe(1000n);
});

test("statistics count while they are enabled", async () => {
  using object = loadObject(pass);
  const program = programOf(object, "pass");
  {
    using _ = enableStatistics();
    program.sendLiveFrames({ data: frame, count: 100 });
  }
  const { runs, runNanoseconds } = program.info();
  expect(runs).toBe(100n);
  expect(runNanoseconds).toBeGreaterThan(0n);
  // Somebody else may have them on, such as another test beside this one; not for ever.
  let counted = true;
  for (let attempt = 0; counted && attempt < 100; attempt++) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 200));
    const before = program.info().runs;
    program.sendLiveFrames({ data: frame, count: 100 });
    counted = program.info().runs > before;
  }
  expect(counted).toBe(false);
});

test("a program opens by its id and by its pin", () => {
  using mount = new BpfMount();
  using object = loadObject(pass);
  const program = programOf(object, "pass");
  program.pin(mount.file("pass"));
  using byId = BpfProgram.byId(program.id);
  using pinned = BpfProgram.open(mount.file("pass"));
  expect(byId.info()).toEqual(pinned.info());
  expect(byId.info()).toMatchObject({ name: "pass", tag: expect.stringMatching(/^[0-9a-f]{16}$/) });
});

test("a program that is used after its object was closed says so", () => {
  const object = loadObject(pass);
  const program = programOf(object, "pass");
  object[Symbol.dispose]();
  expect(() => program.testRun({ data: frame })).toThrow('use on program "pass" failed: it was closed');
});
