import type { ProgramSpec } from "../../spec.ts";
import type { Memory } from "../memory.ts";
import type { Context } from "./context.ts";
import type { Input } from "./input.ts";
import { RecordContext } from "./record-context.ts";
import { SocketBufferContext } from "./socket-buffer-context.ts";
import { XdpContext } from "./xdp-context.ts";

/** The context that a program of this type gets. */
export function makeContext({ type, frags }: ProgramSpec, memory: Memory, input: Input): Context {
  switch (type) {
    case "xdp":
      return new XdpContext(memory, input, frags);
    case "tcx":
      return new SocketBufferContext(memory, input);
    case "raw-tracepoint":
    case "typed-tracepoint":
    case "iterator": {
      const words = BigUint64Array.from(input.arguments ?? [], (word) => BigInt.asUintN(64, word));
      return new RecordContext(memory, new Uint8Array(words.buffer), "read-only");
    }
    case "tracepoint":
      return new RecordContext(memory, input.context?.slice() ?? new Uint8Array(), "read-only");
    case "socket-operations":
      return new RecordContext(memory, input.context?.slice() ?? new Uint8Array(), "writable");
  }
}
