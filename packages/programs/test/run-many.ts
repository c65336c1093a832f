/** A process that runs a program over one frame, many times: `run-many.ts PROGRAM-ID FRAME-IN-HEX REPEAT TIMES`. */
import { BpfProgram } from "@weir/kernel";

const [program, frame, repeat, times] = process.argv.slice(2);
using opened = BpfProgram.byId(Number(program));
const data = Buffer.from(frame ?? "", "hex");
for (let time = 0; time < Number(times); time++) opened.testRun({ data, repeat: Number(repeat) });
