import assert from "node:assert/strict";
import { Packet } from "./packet/packet.ts";

/** What an XDP program can decide, in the order of the kernel's numbers (XDP_ABORTED is 0). */
export const VERDICTS = ["aborted", "drop", "pass", "tx", "redirect"] as const;

/** Name of an XDP verdict. */
export type Verdict = (typeof VERDICTS)[number];

/** Anything that can be run over a frame: `BpfProgram` of @weir/kernel is one. */
export interface TestRunnable {
  testRun(options: { readonly data: Uint8Array }): { readonly verdict: number };
}

/**
 * Runs a program over a packet in the kernel and fails the test when it decides otherwise.
 *
 * @example
 * ```ts
 * expectVerdict(program, ethernet().ipv4().udp({ destinationPort: 53 }), "drop");
 * ```
 */
export function expectVerdict(program: TestRunnable, packet: Packet | Uint8Array, expected: Verdict): void {
  const data = packet instanceof Packet ? packet.toBytes() : packet;
  const { verdict } = program.testRun({ data });
  assert.equal(
    VERDICTS[verdict] ?? `verdict ${verdict}`,
    expected,
    `of the frame ${Buffer.from(data).toString("hex")}`,
  );
}
