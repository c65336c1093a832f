/**
 * Sends one frame many times out of an interface, at a steady rate: `frame-source.ts INTERFACE FRAME-IN-HEX PER-SECOND SECONDS`.
 * Prints how many frames a second it came to. They are live frames of a test run, redirected: a virtual cable gets more of them than any
 * socket could send. The program itself waits until each is due, since calls come and go in milliseconds.
 */
import {
  alu,
  callHelper,
  exit,
  helperNumber,
  jump,
  load,
  loadMapAddress,
  type ObjectSpec,
  store,
} from "@weir/bytecode";
import { findInterface, loadObject } from "@weir/kernel";

const [name = "", hex = "", perSecond = "", seconds = ""] = process.argv.slice(2);
/** Looks at the clock until a frame is sent even if it is early: a bound for the verifier, 30 µs. */
const LOOKS = 1000;
/** Nanoseconds that a source which was held up may be behind, before it gives up those frames. */
const MOST_BEHIND = 1_000_000;
const PACE = "PACE";

/** When the next frame is due is in a map; the program waits for that time, and sends. */
function paced(index: number, interval: number): ObjectSpec {
  const instructions = [
    store(32, 10, -4, 0),
    ...loadMapAddress(1),
    alu("mov", 64, 2, { register: 10 }),
    alu("add", 64, 2, -4),
    callHelper(helperNumber("bpf_map_lookup_elem")),
    jump("eq", 64, 0, 0, 17),
    alu("mov", 64, 7, { register: 0 }),
    alu("mov", 64, 8, LOOKS),
    // Looking at the clock:
    callHelper(helperNumber("bpf_ktime_get_ns")),
    load(64, 6, 7, 0),
    jump("uge", 64, 0, { register: 6 }, 2),
    alu("sub", 64, 8, 1),
    jump("ne", 64, 8, 0, -5),
    // Due:
    alu("add", 64, 6, interval),
    alu("mov", 64, 1, { register: 6 }),
    alu("add", 64, 1, MOST_BEHIND),
    jump("uge", 64, 1, { register: 0 }, 1),
    alu("mov", 64, 6, { register: 0 }),
    store(64, 7, 0, { register: 6 }),
    alu("mov", 64, 1, index),
    alu("mov", 64, 2, 0),
    callHelper(helperNumber("bpf_redirect")),
    exit(),
    alu("mov", 64, 0, 1),
    exit(),
  ];
  return {
    license: "Dual MIT/GPL",
    maps: new Map([
      [
        PACE,
        { name: PACE, type: "array", keySize: 4, valueSize: 8, maxEntries: 1, flags: 0, keyType: 0, valueType: 0 },
      ],
    ]),
    programs: new Map([
      [
        "xdp_send",
        {
          name: "xdp_send",
          section: "xdp",
          type: "xdp",
          frags: false,
          instructions,
          references: [{ kind: "map", slot: 1, map: PACE }],
          functions: [],
          lines: [],
        },
      ],
    ]),
    configs: new Map(),
    btf: undefined,
  };
}

const { index } = findInterface(name);
const rate = Number(perSecond);
using object = loadObject(paced(index, Math.round(1e9 / rate)));
const found = object.program("xdp_send");
if (found.kind === "not found") throw new Error("the program is not in its object");
const count = rate * Number(seconds);
const start = performance.now();
found.program.sendLiveFrames({ data: Buffer.from(hex, "hex"), count, interfaceIndex: index });
process.stdout.write(`${Math.round((count * 1000) / (performance.now() - start))}\n`);
