import { parentPort, workerData } from "node:worker_threads";
import { attempt, garbageOf } from "../../packages/compiler/test/garbage/attempt.ts";

/** Tells how each garbled program of a range of seeds ended, when it has. */
const { first, end }: { readonly first: number; readonly end: number } = workerData;
for (let seed = first; seed < end; seed++) parentPort?.postMessage({ seed, ending: attempt(garbageOf(seed)) });
