/**
 * How well limits hold on live frames from two CPUs at once, far above the rate: a million packets a second of all, of each of 16 sources, and of
 * each of 131,072; over ten seconds each. The frames are those of test runs, redirected to a virtual cable of a network that goes with the process.
 *
 * `npm run bench:limits-live`, as root.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpus, release } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseRules } from "@weir/rules";
import { applyRules, detach, listRules } from "../src/index.ts";

const GENERATOR = join(import.meta.dirname, "../test/measured/load-generator.ts");
const SECONDS = 10;
/** The generators' rate, more than they come to. */
const RATE = "4000000";

const run = (...words: readonly string[]): string => execFileSync("ip", words, { encoding: "utf8" });

interface Reading {
  readonly passed: number;
  readonly seen: number;
  readonly untracked: number;
  readonly contended: number;
  /** Seconds. */
  readonly at: number;
}

function read(name: string): Reading {
  const before = performance.now();
  const [rule] = listRules(name).rules;
  if (rule?.over === undefined) throw new Error("there is no limit");
  const at = (before + performance.now()) / 2000;
  const seen = Number(rule.packets);
  return {
    passed: seen - Number(rule.over.packets),
    seen,
    untracked: Number(rule.untracked),
    contended: Number(rule.contended),
    at,
  };
}

/** What two senders of so many sources get through a limit. */
async function measure(limit: string, sources: number, allowed: number): Promise<void> {
  run("link", "add", "v0", "type", "veth", "peer", "name", "v1");
  run("link", "add", "other0", "type", "veth", "peer", "name", "other1");
  for (const name of ["v0", "v1", "other0"]) run("link", "set", name, "up");
  const { rules } = parseRules(`rules: [ { name: all, match: udp, action: { limit: ${limit} } } ]`, "limits");
  applyRules(["v1"], rules, { mode: "drv", idle: 0 });
  // Each has to have a place of its own for its program.
  const senders = ["v0", "v0,other0"].map((names, cpu) => {
    const node = [process.execPath, "--conditions=source", GENERATOR, names, String(sources), "60", RATE];
    return spawn("taskset", ["-c", String(cpu), ...node], { stdio: ["ignore", "inherit", "inherit"] });
  });
  // Until what may come at once is used up.
  await sleep(4000);
  const first = read("v1");
  await sleep(SECONDS * 1000);
  const second = read("v1");
  for (const sender of senders) sender.kill("SIGKILL");
  await Promise.all(senders.map((sender) => once(sender, "close")));
  detach("v1");
  for (const name of ["v0", "other0"]) run("link", "del", name);
  const seconds = second.at - first.at;
  const [passed, seen] = [(second.passed - first.passed) / seconds, (second.seen - first.seen) / seconds];
  const lost = `untracked ${second.untracked - first.untracked}, contended ${second.contended - first.contended}`;
  process.stdout.write(
    `${limit} of ${sources} sources: ${Math.round(seen)} packets a second came, ${Math.round(passed)} passed, ${(passed / allowed).toFixed(4)} of what is allowed; ${lost}\n`,
  );
}

process.stdout.write(
  `${cpus()[0]?.model}, ${cpus().length} CPUs, Linux ${release()}, ${SECONDS} seconds, two senders\n`,
);
await measure("{ rate: 1000000/s, burst: 1000 }", 1, 1_000_000);
await measure("{ rate: 10000/s, burst: 100, per: source }", 16, 16 * 10_000);
await measure("{ rate: 2/s, burst: 2, per: source }", 131_072, 131_072 * 2);
