import { fileURLToPath } from "node:url";
import { loadObject, TraceOutput } from "@weir/kernel";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";

const file = fileURLToPath(new URL("../fixtures/programs/print.bpf.ts", import.meta.url));

test("what a program prints stands in the trace as its types have it", () => {
  const { object } = compile(file);
  if (object === undefined) throw new Error(`${file} has mistakes`);
  using loaded = loadObject(object);
  const found = loaded.program("program");
  if (found.kind !== "loaded") throw new Error("there is no program");
  using trace = TraceOutput.open();
  found.program.testRun({ data: Uint8Array.from({ length: 64 }, (_, index) => index + 1) });
  const lines = trace.drain().map(({ text }) => text);
  // Other programs of the system may print as well.
  expect(lines.slice(lines.indexOf("weir begins"))).toEqual([
    "weir begins",
    "wide 1099511627775 below -5 low fffffffa",
    "small 200 text hi bool 1 from 1.2.3.4 0000:0000:0000:0000:0000:0000:0000:0000 100%",
  ]);
});
