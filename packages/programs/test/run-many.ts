/** A worker thread that runs a program over one frame, many times. */
import { workerData } from "node:worker_threads";
import { BpfProgram } from "@weir/kernel";

// The one who starts the worker gives it these.
const { program, data, repeat, times } = workerData as {
  program: number;
  data: Uint8Array;
  repeat: number;
  times: number;
};
using opened = BpfProgram.byId(program);
for (let time = 0; time < times; time++) opened.testRun({ data, repeat });
