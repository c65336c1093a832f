/**
 * The side of Vitest that runs tests, started by `KernelVmWorker` in the virtual machine. It speaks with the other side, which compiles
 * the tests and reports, through the machine's serial port.
 *
 * @module
 */
import { createReadStream, openSync, writeSync } from "node:fs";
import { init, runBaseTests, setupEnvironment } from "vitest/worker";
import { encodeMessage, MessageDecoder } from "./message-stream.ts";

const CHANNEL = "/dev/virtio-ports/channel";

const port = openSync(CHANNEL, "r+");
const decoder = new MessageDecoder();
const listeners = new Set<(message: unknown) => void>();
// Tests may replace it.
const exit = process.exit.bind(process);

init({
  post: (message: unknown) => writeAll(encodeMessage(message)),
  on: (listener: (message: unknown) => void) => void listeners.add(listener),
  off: (listener: (message: unknown) => void) => void listeners.delete(listener),
  runTests: (state, traces) => runBaseTests("run", state, traces),
  collectTests: (state, traces) => runBaseTests("collect", state, traces),
  setup: setupEnvironment,
});

createReadStream(CHANNEL, { fd: port })
  .on("data", (piece) => {
    if (typeof piece === "string") throw new Error("the channel carries bytes");
    for (const message of decoder.decode(piece)) for (const listener of listeners) listener(message);
  })
  // Whoever started the machine has gone, or has what it wanted.
  .on("end", () => exit(0));

function writeAll(bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(port, bytes, written);
}
