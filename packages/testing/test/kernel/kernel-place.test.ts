import { requireRoot } from "@weir/laboratory";
import { ethernet, loadForTest } from "@weir/testing";
import { describe, expect, test } from "vitest";

const source = new URL("../fixtures/drop-port.bpf.ts", import.meta.url);
const frame = ethernet().ipv4().udp();

describe.skipIf(requireRoot())("what only the machine can is refused in the kernel, with what to do", () => {
  test("the machine itself, surroundings of a packet, what was printed", async () => {
    using object = await loadForTest(source, { in: "kernel" });
    expect(object.runsIn).toBe("kernel");
    expect(() => object.machine).toThrow('test.skipIf(testsRunIn() === "kernel")');
    expect(() => object.program("reflect").run(frame, { egressInterface: 7 })).toThrow(
      "finds around it: egressInterface",
    );
    expect(() => object.program("reflect").call({ arguments: [1n] })).toThrow("finds around it: arguments");
    expect(() => object.trace()).toThrow("tests read it in the machine only");
  });
});
