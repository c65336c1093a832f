import assert from "node:assert/strict";
import { Packet, VERDICTS, type Verdict } from "@weir/testing";

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
