/** A process that runs a program, whose number it is given, without a pause until it is ended. */
import { BpfProgram } from "@weir/kernel";

using program = BpfProgram.byId(Number(process.argv[2]));
const data = new Uint8Array(64);
program.testRun({ data });
process.send?.("running");
for (;;) program.testRun({ data, repeat: 1_000_000 });
