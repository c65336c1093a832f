import { Machine } from "@weir/bytecode/machine";
import { expect, test } from "vitest";
import { compileFixture } from "../fixture-programs.ts";

function objectOf() {
  const { object } = compileFixture("kernel-functions");
  if (object === undefined) throw new Error("kernel-functions has mistakes");
  return object;
}

test("a machine runs what calls functions of the kernel, if it is given them", () => {
  const released: bigint[] = [];
  const machine = new Machine(objectOf(), {
    kernelFunctions: {
      bpf_xdp_ct_lookup: (call) => {
        // `opts.error`, ENOENT.
        call.memory.write(call.argument(3) + 4n, Uint8Array.of(0xfe, 0xff, 0xff, 0xff));
        return 0n;
      },
      bpf_ct_release: (call) => {
        released.push(call.argument(0));
        return 0n;
      },
    },
  });
  expect(machine.run({ program: "connections", packet: new Uint8Array(64) }).result).toBe(2n);
  expect(released).toEqual([]);
});

test("one that is not given them says so", () => {
  const machine = new Machine(objectOf());
  const run = () => machine.run({ program: "connections", packet: new Uint8Array(64) });
  expect(run).toThrow("give it one as kernelFunctions.bpf_xdp_ct_lookup");
});
