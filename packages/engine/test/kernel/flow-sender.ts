/** A process that runs a program over many flows: `flow-sender.ts PROGRAM-ID FLOWS REPEAT ROUNDS`. */
import { BpfProgram } from "@weir/kernel";
import { frameOf } from "./numbered-flows.ts";

const [program, flows, repeat, rounds] = process.argv.slice(2).map(Number);
using opened = BpfProgram.byId(program ?? 0);
const frames = Array.from({ length: flows ?? 0 }, (_, number) => frameOf(number));
for (let round = 0; round < (rounds ?? 0); round++)
  for (const data of frames) opened.testRun({ data, repeat: repeat ?? 1 });
