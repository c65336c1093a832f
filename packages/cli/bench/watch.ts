/**
 * What weir's process takes while 100,000 connections are active, each with a packet a second, now on one CPU and now on another: `weir watch`
 * as JSON and in a terminal, and `weir serve` with somebody who follows its events. Limit: 5 % of one CPU.
 *
 * `npm run bench:connections`, as root, after the build. Seconds of each as a word; 20 unless said.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { BpfProgram, presentCpus } from "@weir/kernel";
import { type NetworkNamespace, onCpu } from "@weir/laboratory";
import { ethernet } from "@weir/testing";
import { linkText, network, WATCHED } from "../test/end-to-end/network.ts";
import { cpuOf } from "./start-up-cost.ts";

const CONNECTIONS = 100_000;
/** Until V8 has compiled what runs often. */
const WARM_UP = 8;
const SECONDS = Number(process.argv[2] ?? 20);
const LIMIT = 5;
const WEIR = fileURLToPath(new URL("../bin/weir.cjs", import.meta.url));
const EVENTS = "http://127.0.0.1:9435/api/events";

interface Case {
  readonly words: readonly string[];
  readonly isInTerminal?: boolean;
  /** Somebody who asks it for something. */
  readonly client?: readonly [command: string, ...words: string[]];
}

const CASES: Readonly<Record<string, Case>> = {
  "watch --json --limit 100": { words: ["watch", WATCHED, "--json", "--limit", "100"] },
  "watch, in a terminal": { words: ["watch", WATCHED], isInTerminal: true },
  "serve, events each second": {
    words: ["serve", WATCHED],
    client: ["curl", "-sN", "--retry-connrefused", "--retry", "9", EVENTS],
  },
};

/** The program on the interface, once there is one. */
async function attachedProgram(namespace: NetworkNamespace): Promise<BpfProgram> {
  for (;;) {
    const [, id] = /prog\/xdp id (\d+)/.exec(linkText(namespace)) ?? [];
    if (id !== undefined) return BpfProgram.byId(Number(id));
    await sleep(100);
  }
}

/** Runs a program on a frame of each connection, in each of so many seconds. */
async function keepActive(program: BpfProgram, seconds: number): Promise<void> {
  const frame = ethernet().ipv4().tcp().toBytes();
  const view = new DataView(frame.buffer, frame.byteOffset);
  const start = performance.now();
  for (let second = 0; second < seconds; second++) {
    using _there = onCpu(second % presentCpus());
    for (let connection = 0; connection < CONNECTIONS; connection++) {
      // The source address.
      view.setUint32(26, Math.imul(connection + 1, 0x9e37_79b1));
      program.testRun({ data: frame });
    }
    await sleep(Math.max(start + (second + 1) * 1000 - performance.now(), 0));
  }
}

/** The share of one CPU, in percent. */
async function shareOf({ words, isInTerminal = false, client }: Case): Promise<number> {
  using net = network({ quiet: true });
  const all = [WEIR, ...words, "--connections", String(CONNECTIONS)];
  // `script` makes a terminal, and is its only child's parent.
  const line = `stty cols 120 rows 40; exec ${[process.execPath, ...all].join(" ")}`;
  const child = isInTerminal
    ? net.near.spawn("script", ["--quiet", "--command", line, "/dev/null"], { stdio: ["pipe", "ignore", "ignore"] })
    : net.near.spawn(process.execPath, all, { stdio: "ignore" });
  using program = await attachedProgram(net.near);
  if (client) net.near.spawn(client[0], client.slice(1), { stdio: "ignore" });
  const { pid = 0 } = child;
  const weir = isInTerminal ? Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")) : pid;
  await keepActive(program, WARM_UP);
  const before = { cpu: cpuOf(weir), time: performance.now() };
  await keepActive(program, SECONDS);
  const share = ((cpuOf(weir) - before.cpu) / (performance.now() - before.time)) * 100;
  child.kill("SIGTERM");
  await once(child, "exit");
  return share;
}

process.stdout.write(`share of one CPU that weir's process takes, ${CONNECTIONS} active connections\n`);
for (const [name, each] of Object.entries(CASES)) {
  const share = await shareOf(each);
  const judged = `${share > LIMIT ? "above" : "limit"} ${LIMIT}`;
  process.stdout.write(`  ${name.padEnd(34)}${share.toFixed(2).padStart(7)} % (${judged})\n`);
  if (share > LIMIT) process.exitCode = 1;
}
