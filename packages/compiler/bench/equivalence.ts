import { Contender } from "./contender.ts";
import { comparedFrames } from "./frames.ts";
import type { Pair } from "./suite.ts";

const FRAMES = 2000;

/** Runs both programs of a pair on the same packets, and says the first thing that they do differently; undefined if nothing. */
export function difference(pair: Pair): string | undefined {
  // What runs at tracepoints is compared by what it counts while it is measured.
  if (pair.traced) return undefined;
  using objects = new DisposableStack();
  const weir = new Contender(pair, pair.weir(), 1, objects);
  const clang = new Contender(pair, pair.clang(), 1, objects);
  for (const [index, data] of [pair.frame, ...comparedFrames(FRAMES)].entries()) {
    const [ours, theirs] = [weir.program.testRun({ data }), clang.program.testRun({ data })];
    const packet = `packet ${index}, ${Buffer.from(data).toString("hex")}`;
    if (ours.verdict !== theirs.verdict) return `${packet}: weir gives ${ours.verdict}, clang ${theirs.verdict}`;
    if (!Buffer.from(ours.data).equals(theirs.data)) {
      const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
      return `${packet}: weir leaves ${hex(ours.data)}, clang ${hex(theirs.data)}`;
    }
  }
  return undefined;
}
