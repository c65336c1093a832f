/**
 * How many packets a second `weir capture` and `tcpdump -w` write without losing any, at a snap length of 96: the two in turns,
 * at rising rates, over a virtual cable.
 *
 * `npm run bench:capture`, as root, with tcpdump. `RATES=100000,200000 ROUNDS=3 SECONDS=2` change the course.
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, release, tmpdir } from "node:os";
import { join } from "node:path";
import { alu, exit, type ObjectSpec, type ProgramSpec } from "@weir/bytecode";
import { attachXdp, inNetworkNamespace, loadObject } from "@weir/kernel";
import { ethernet } from "@weir/testing";
import { type Network, network, WATCHED } from "../test/end-to-end/network.ts";
import { cpuOf } from "./start-up-cost.ts";

const environment = (name: string, standard: string) => process.env[name] ?? standard;
const RATES = environment("RATES", "100000,200000,400000,600000,800000,1000000,1500000").split(",").map(Number);
const ROUNDS = Number(environment("ROUNDS", "3"));
const SECONDS = Number(environment("SECONDS", "2"));
const LENGTHS = environment("LENGTHS", "64,1500").split(",").map(Number);
const SNAPLEN = "96";
const SOURCE = new URL("frame-source.ts", import.meta.url).pathname;
const WEIR = new URL("../bin/weir.cjs", import.meta.url).pathname;

/** What a run came to. */
interface Run {
  /** Frames that came in a second. */
  readonly rate: number;
  /** Frames that reached the program or the socket. */
  readonly seen: number;
  readonly lost: number;
  /** Of the process, in milliseconds. */
  readonly cpu: number;
}

const folder = mkdtempSync(join(tmpdir(), "weir-bench-"));
using cleaning = new DisposableStack();
cleaning.defer(() => rmSync(folder, { recursive: true, force: true }));

const PASS: ProgramSpec = {
  name: "xdp_pass",
  section: "xdp",
  type: "xdp",
  frags: false,
  instructions: [alu("mov", 64, 0, 2), exit()],
  references: [],
  functions: [],
  lines: [],
};
const PASSING: ObjectSpec = {
  license: "Dual MIT/GPL",
  maps: new Map(),
  programs: new Map([[PASS.name, PASS]]),
  configs: new Map(),
  btf: undefined,
};

/** Not for this host, so that the stack drops it early. */
const frameOf = (length: number) =>
  Buffer.from(
    ethernet({ destination: "02:00:00:00:00:01" }).ipv4({ destination: "198.51.100.9" }).udp().paddedTo(length),
  ).toString("hex");

async function withWeir(net: Network, send: () => Promise<number>): Promise<Run> {
  const words = [WEIR, "capture", WATCHED, "-w", join(folder, "weir.pcapng"), "--snaplen", SNAPLEN];
  const { errors, ...measured } = await during(net, process.execPath, words, send);
  const number = (pattern: RegExp) => Number((pattern.exec(errors)?.[1] ?? "0").replaceAll(",", ""));
  return { seen: number(/([\d,]+) seen/), lost: number(/([\d,]+) LOST/), ...measured };
}

async function withTcpdump(net: Network, send: () => Promise<number>, options: readonly string[] = []): Promise<Run> {
  // The other end takes redirected frames only while a program is there.
  using object = loadObject(PASSING);
  const found = object.program(PASS.name);
  if (found.kind === "not found") throw new Error("the program is not in its object");
  using _attached = inNetworkNamespace(net.near.path, () => attachXdp({ interface: WATCHED, program: found.program }));
  const words = ["-ni", WATCHED, "-Q", "in", "-s", SNAPLEN, "-w", join(folder, "tcpdump.pcap"), ...options];
  const { errors, ...measured } = await during(net, "tcpdump", words, send);
  const number = (pattern: RegExp) => Number(pattern.exec(errors)?.[1] ?? "0");
  return { seen: number(/(\d+) packets? received/), lost: number(/(\d+) packets? dropped by kernel/), ...measured };
}

async function during(net: Network, command: string, words: readonly string[], work: () => Promise<number>) {
  const child = net.near.spawn(command, words, { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  if (child.stderr) await once(child.stderr, "data");
  const rate = await work();
  // What is still in a buffer shall be written.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const cpu = cpuOf(child.pid ?? 0);
  child.kill("SIGINT");
  await once(child, "close");
  return { errors, rate, cpu };
}

/** Frames a second that it came to. */
async function send(net: Network, rate: number, length: number): Promise<number> {
  const words = ["--conditions=source", SOURCE, WATCHED, frameOf(length), String(rate), String(SECONDS)];
  const source = net.far.spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  source.stdout?.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const [code] = await once(source, "close");
  if (code !== 0) throw new Error(`the source of frames ended with ${code}`);
  return Number(printed);
}

/** As much memory as two rings of weir's have. */
const LARGE_BUFFER = ["-B", String(16 * 1024)];

const tools: Record<string, typeof withWeir> = {
  weir: withWeir,
  tcpdump: withTcpdump,
  "tcpdump -B": (net, send) => withTcpdump(net, send, LARGE_BUFFER),
};
const lines = [
  `${cpus()[0]?.model}, ${cpus().length} CPUs, Linux ${release()}, Node ${process.versions.node}, mode drv on veth, snap length ${SNAPLEN}`,
  `${ROUNDS} rounds of ${SECONDS} s; frames seen per second, and how many of them were lost; CPU time of the process`,
];
process.stdout.write(`${lines.join("\n")}\n`);
for (const length of LENGTHS) {
  for (const rate of RATES) {
    for (let round = 0; round < ROUNDS; round++) {
      const names = Object.entries(tools);
      for (const [name, run] of round % 2 === 0 ? names : names.toReversed()) {
        using net = network({ quiet: true });
        const { rate: came, seen, lost, cpu } = await run(net, () => send(net, rate, length));
        const share = seen === 0 ? "" : ` (${((lost / seen) * 100).toFixed(2)} %)`;
        process.stdout.write(
          `${length} bytes, ${rate}/s asked for: ${name.padEnd(10)} ${came}/s came, ${seen} seen, ${lost} lost${share}, ` +
            `CPU ${Math.round(cpu)} ms\n`,
        );
      }
    }
  }
}
