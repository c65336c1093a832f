import { Filter, FilterError } from "@weir/pcap-filter";
import { readCapture } from "../captures/capture.ts";
import { Turns } from "../captures/turns.ts";

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
  const [set] = filter.sets;
  if (set !== undefined) {
    const what = `there is no set @${set.name} here: sets are part of a rules file`;
    throw new FilterError(expression, set.span, what, "Write the addresses or ports with or.");
  }
  let number = 0;
  const turns = new Turns();
  for (const { bytes, originalLength } of readCapture(path)) {
    number += 1;
    yield { number, matches: filter.matches(bytes, originalLength) };
    if (turns.isDue) await turns.give();
  }
}
