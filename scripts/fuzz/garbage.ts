import { Worker } from "node:worker_threads";
import { attempt, type Ending, garbageOf } from "../../packages/compiler/test/garbage/attempt.ts";
import { reduceText } from "../../packages/compiler/test/text/reduce.ts";
import { Tally } from "./tally.ts";

export interface GarbageOptions {
  readonly count: number;
  readonly seed: number;
  readonly write: (text: string) => void;
}

/** A compilation that takes longer has no end. */
const PATIENCE = 60_000;

/** Compiles random edits of valid programs; gives how many ended neither in an object nor in diagnostics. */
export async function fuzzGarbage({ count, seed: first, write }: GarbageOptions): Promise<number> {
  const tally = new Tally(`garbled programs from seed ${first}`, count, write);
  let failures = 0;
  for (let next = first; next < first + count; ) {
    const problem = await run(next, first + count, (seed, ending) => {
      next = seed + 1;
      tally.count("garbage", ending.kind);
      if (ending.kind !== "fails") return;
      failures++;
      write(`${report(seed, ending.message)}smallest:\n${smallest(seed, ending.message)}\n`);
    });
    if (problem === undefined) break;
    failures++;
    tally.count("garbage", "hangs");
    write(report(next, problem));
    next++;
  }
  tally.finish();
  return failures;
}

/** Runs seeds in a thread of their own, until all are done or one of them is not: gives why not. */
function run(first: number, end: number, done: (seed: number, ending: Ending) => void): Promise<string | undefined> {
  const worker = new Worker(new URL("garbage-worker.ts", import.meta.url), { workerData: { first, end } });
  return new Promise((resolve) => {
    const stop = (problem?: string) => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(problem);
    };
    const late = `the compiler did not end within ${PATIENCE} ms`;
    let timer = setTimeout(stop, PATIENCE, late);
    worker.on("message", ({ seed, ending }: { readonly seed: number; readonly ending: Ending }) => {
      clearTimeout(timer);
      timer = setTimeout(stop, PATIENCE, late);
      done(seed, ending);
    });
    worker.on("error", (error) => stop(`the compiler's thread ended: ${String(error)}`));
    worker.on("exit", () => stop());
  });
}

const report = (seed: number, message: string): string =>
  `garbage ${seed}: ${message}\nagain: npm run fuzz -- --garbage 1 --seed ${seed}\n`;

/** The changed file, as small as it fails in the same way. */
function smallest(seed: number, message: string): string {
  const garbage = garbageOf(seed);
  const gist = (text: string) => text.split("\n")[0]?.replace(/\d+/g, "N");
  return reduceText(garbage.text, (text) => {
    const ending = attempt({ ...garbage, text });
    return ending.kind === "fails" && gist(ending.message) === gist(message);
  });
}
