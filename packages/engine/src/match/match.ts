import { Filter } from "@weir/pcap-filter";
import { readCapture } from "../captures/capture.ts";

/** Milliseconds after which other work of the process gets its turn. */
const TURN = 20;

/** One frame of a capture file, and whether the expression matches it. */
export interface MatchedFrame {
  /** From 1, in the order of the file. */
  readonly number: number;
  readonly matches: boolean;
}

/**
 * Which frames of a capture file match an expression of pcap-filter(7): those that `tcpdump -r FILE EXPRESSION` shows.
 *
 * @example
 * ```ts
 * for await (const { number, matches } of match("trace.pcapng", "tcp port 443")) if (matches) console.log(number);
 * ```
 * Needs no privilege and no kernel.
 * @throws {FilterError} before anything is read, with the place of the mistake
 * @throws {CaptureError} where the file is empty, no capture, damaged, cut off, or not of Ethernet
 * @throws {EngineError} `WEIR_FILE`
 */
export async function* match(path: string, expression: string): AsyncGenerator<MatchedFrame> {
  const filter = new Filter(expression);
  let number = 0;
  let turn = performance.now() + TURN;
  for (const { bytes, originalLength } of readCapture(path)) {
    number += 1;
    yield { number, matches: filter.matches(bytes, originalLength) };
    if (performance.now() < turn) continue;
    await new Promise((resolve) => setImmediate(resolve));
    turn = performance.now() + TURN;
  }
}
