import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { outputOf } from "./engine-process.ts";
import type { WatchedVeth } from "./watched-veth.ts";

const GENERATOR = join(import.meta.dirname, "../measured/load-generator.ts");

/** What is sent. */
export interface Load {
  readonly flows: number;
  readonly seconds: number;
  /** Frames a second. */
  readonly rate: number;
}

/** Sends from another process. Gives how many frames were sent. */
export async function sendLoad(veth: WatchedVeth, { flows, seconds, rate }: Load): Promise<number> {
  const words = ["--conditions=source", GENERATOR, "veth0", String(flows), String(seconds), String(rate)];
  const child = veth.sender.spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  return Number((await outputOf(child)).trim().split(" ")[1]);
}

/**
 * Sends from another process, and acts, over and over, until all is sent. Gives how often it acted, and how much was sent.
 *
 * @param pause milliseconds between two acts
 */
export async function underLoad(
  veth: WatchedVeth,
  load: Load,
  act: (round: number) => void,
  pause = 20,
): Promise<{ readonly rounds: number; readonly sent: number }> {
  let sent: number | undefined;
  const sending = sendLoad(veth, load).then((frames) => {
    sent = frames;
  });
  let rounds = 0;
  while (sent === undefined) {
    act(rounds++);
    await sleep(pause);
  }
  await sending;
  return { rounds, sent };
}
