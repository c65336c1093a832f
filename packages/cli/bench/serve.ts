/**
 * What `weir serve` takes while 100,000 connections are active: CPU of one scrape, and over minutes the share of one CPU, memory and
 * descriptors. Limits: 100 ms a scrape, 5 % of one CPU, memory within 5 %, no more descriptors.
 *
 * `npm run bench:serve [SECONDS]`, as root; 600 seconds unless said.
 */
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { BpfProgram } from "@weir/kernel";
import type { NetworkNamespace } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { network, WATCHED } from "../test/end-to-end/network.ts";
import { get, metric } from "../test/end-to-end/served.ts";
import { DIST } from "./start-up-cost.ts";

const CONNECTIONS = 100_000;
const SCRAPE = 5;
const FILL = 20;
const REPORT = 30;
const SECONDS = Number(process.argv[2] ?? 600);
const METRICS = "http://127.0.0.1:9435/metrics";
/** Of utime and stime in /proc/PID/stat, a hundredth of a second (proc(5)). */
const TICK = 10;

/** Milliseconds of CPU of a process so far. */
function cpuTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

/** Runs the monitor once on a frame of each connection. */
function sendAll(program: BpfProgram): void {
  const frame = ethernet().ipv4().tcp().toBytes();
  const view = new DataView(frame.buffer, frame.byteOffset);
  for (let connection = 0; connection < CONNECTIONS; connection++) {
    // The source address.
    view.setUint32(26, Math.imul(connection + 1, 0x9e37_79b1));
    program.testRun({ data: frame });
  }
}

function programId(namespace: NetworkNamespace): number {
  const [, id] = /program_id="(\d+)"/.exec(get(namespace, METRICS).body) ?? [];
  return Number(id);
}

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

using net = network();
const words = [`${DIST}main.cjs`, "serve", WATCHED, "--connections", String(CONNECTIONS)];
const weir = net.near.spawn(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"] });
if (weir.stderr) await once(weir.stderr, "data");
// nsenter has become weir.
const pid = weir.pid ?? 0;
process.stdout.write(
  `${cpus()[0]?.model}, Linux ${release()}, Node ${process.versions.node}; ${CONNECTIONS} connections\n`,
);

using program = BpfProgram.byId(programId(net.near));
sendAll(program);
const scrapes: number[] = [];
const memory: number[] = [];
const start = { time: performance.now(), cpu: cpuTime(pid) };
for (let second = 0; second <= SECONDS; second += SCRAPE) {
  if (second % FILL === 0) sendAll(program);
  const before = cpuTime(pid);
  const { body } = get(net.near, METRICS);
  scrapes.push(cpuTime(pid) - before);
  if (second % REPORT === 0) {
    const resident = metric(body, "process_resident_memory_bytes") ?? 0;
    memory.push(resident);
    const share = (cpuTime(pid) - start.cpu) / (performance.now() - start.time);
    process.stdout.write(
      `${String(second).padStart(5)} s: ${metric(body, `weir_connections{interface="${WATCHED}"}`)} connections, ` +
        `${(resident / 2 ** 20).toFixed(1)} MiB resident, ${(share * 100).toFixed(2)} % of one CPU, ` +
        `${readdirSync(`/proc/${pid}/fd`).length} descriptors, scrape ${scrapes.at(-1)} ms of CPU\n`,
    );
  }
  await pause(SCRAPE - ((performance.now() - start.time) / 1000 - second > SCRAPE ? SCRAPE : 0));
}
const median = scrapes.toSorted((a, b) => a - b)[scrapes.length >> 1] ?? Number.NaN;
process.stdout.write(`scrape: median ${median} ms of CPU, run by run ${scrapes.join(" ")}\n`);
weir.kill("SIGTERM");
await once(weir, "exit");
