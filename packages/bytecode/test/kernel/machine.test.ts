import { disassemble, invalidInstructions, type ProgramSpec, writeObject } from "@weir/bytecode";
import { Machine } from "@weir/bytecode/machine";
import { requireRoot, requireTool } from "@weir/laboratory";
import fc from "fast-check";
import { expect, test } from "vitest";
import { arithmeticProgram, PACKET_SIZE } from "../samples/arithmetic-program.ts";
import { LoadedProgram } from "../samples/bpftool.ts";

const packet = fc.uint8Array({ minLength: PACKET_SIZE, maxLength: PACKET_SIZE });

test.skipIf(requireRoot() ?? requireTool("bpftool"))("the machine computes what the kernel computes", () => {
  fc.assert(
    fc.property(arithmeticProgram, packet, packet, (instructions, first, second) => {
      expect(invalidInstructions(instructions)).toEqual([]);
      const lists = { references: [], functions: [], lines: [] };
      const program: ProgramSpec = {
        name: "sample",
        section: "xdp",
        type: "xdp",
        frags: false,
        instructions,
        ...lists,
      };
      const programs = new Map([[program.name, program]]);
      const object = { license: "MIT", maps: new Map(), programs, configs: new Map(), btf: undefined };
      using loaded = new LoadedProgram(writeObject(object));
      const machine = Machine.of(instructions);

      for (const input of [first, second]) {
        expect(machine.run({ packet: input }).result, disassemble(instructions)).toBe(loaded.run(input));
      }
    }),
    { numRuns: 60 },
  );
});
