import { onlyInKernel } from "../interpreter/kernel-only-error.ts";
import { lowered } from "../lowering/lowered.ts";
import { socketType } from "../types/kernel-type.ts";
import type { Builtin } from "./builtin.ts";

/** Bytes into the context: the kernel makes a pointer of the field as it is loaded. */
const offsets = { buffer: 168, socket: 184 } as const;

const contexts = ["buffer", "socket"] as const;

/** `buffer.socket` and `operation.socket`: the socket that the packet or the operation belongs to, or null. */
export const socketFields: readonly Builtin[] = contexts.map((kind) => ({
  name: `${kind}.socket`,
  check: ({ receiver }) => ({ type: socketType, arguments: receiver === undefined ? [] : [receiver] }),
  lower: (node, lowering) => lowered(lowering.builder.load(64, lowering.contextFor(node.span), offsets[kind])),
  interpret: onlyInKernel("a socket"),
}));
