/**
 * A process that sends UDP frames of many connections through the end of a veth pair, in a namespace of its own:
 * `load-generator.ts INTERFACE[,OTHER] FLOWS SECONDS RATE…` sends for so many seconds at each of the rates, in frames per second. A second
 * generator on an interface needs another one, where its program is attached.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { alu, callHelper, exit, jump, load, type ObjectSpec, type ProgramSpec, store } from "@weir/bytecode";
import { attachXdp, findInterface, loadObject } from "@weir/kernel";
import { ethernet } from "@weir/testing";

const RANDOM_NUMBER = 7;
const [PASS, TRANSMIT] = [2, 3];
/** Where the source address of a frame lies, and what its last three bytes are chosen from. */
const SOURCE = 26;
/** Milliseconds between two bursts. */
const SLICE = 4;

const [names = "", flows, seconds, ...rates] = process.argv.slice(2);
const [name = "", other = name] = names.split(",");

/** Gives a frame the source 10.x.y.z and sends it out of the interface that it seems to come from. */
const program: ProgramSpec = {
  name: "xdp_generator",
  section: "xdp",
  type: "xdp",
  frags: false,
  instructions: [
    load(32, 6, 1, 0), // r6 = packet start
    load(32, 2, 1, 4), // r2 = packet end
    alu("mov", 64, 0, PASS),
    alu("mov", 64, 3, { register: 6 }),
    alu("add", 64, 3, SOURCE + 4),
    jump("ugt", 64, 3, { register: 2 }, 6),
    callHelper(RANDOM_NUMBER),
    alu("and", 64, 0, Number(flows) - 1),
    alu("shl", 64, 0, 8),
    alu("or", 64, 0, 10),
    store(32, 6, SOURCE, { register: 0 }),
    alu("mov", 64, 0, TRANSMIT),
    exit(),
  ],
  references: [],
  functions: [],
  lines: [],
};

const spec: ObjectSpec = {
  license: "Dual MIT/GPL",
  maps: new Map(),
  programs: new Map([[program.name, program]]),
  configs: new Map(),
  btf: undefined,
};

using object = loadObject(spec);
const found = object.program(program.name);
if (found.kind === "not found") throw new Error("the generator is not in its object");
// What is attached needs no waiting for RCU when it is run.
using _ = attachXdp({ interface: other, program: found.program, mode: "drv" });
const { index } = findInterface(name);
const data = ethernet().ipv4().udp().paddedTo(60);
for (const rate of rates.map(Number)) {
  const start = performance.now();
  let sent = 0;
  for (let now = 0; now < Number(seconds) * 1000; now = performance.now() - start) {
    const due = Math.floor((rate * now) / 1000) - sent;
    if (due > 0) found.program.sendLiveFrames({ data, count: due, interfaceIndex: index });
    sent += due;
    await sleep(SLICE);
  }
  process.stdout.write(`${rate} ${sent}\n`);
}
