import type { Block, FunctionBuilder, Value } from "@weir/codegen";
import { enter } from "./found-rules.ts";

/** The packet, as a function has it. */
export interface Packet {
  /** What the kernel gives to the program. */
  readonly context: Value;
  /** Address of the first byte behind the frame. */
  readonly end: Value;
}

/** Where in what the kernel gives to the program the addresses of the frame's first byte and of the first one behind it are. */
const FRAME = 0;
const FRAME_END = 4;

/** The packet of a function that is given what the kernel gives to the program. */
export function packetOf(builder: FunctionBuilder, context: Value): Packet {
  return { context, end: addressIn(builder, context, FRAME_END) };
}

/** The address of the frame's first byte. */
export function frameOf(builder: FunctionBuilder, context: Value): Value {
  return addressIn(builder, context, FRAME);
}

/** An address that the kernel gives to the program. */
function addressIn(builder: FunctionBuilder, context: Value, offset: number): Value {
  return builder.zeroExtend(builder.load(32, context, offset, { packet: true }), 32, 64);
}

/** Bytes from a place in the packet on. */
interface Bytes {
  readonly address: Value;
  /** What is added to the address; nothing unless given. */
  readonly offset?: Value;
  readonly bytes: number;
}

/** Goes on where bytes are there, and gives their address; to `outside`, which hardly a frame comes to, where they are not. */
export function requireBytes(builder: FunctionBuilder, { end }: Packet, wanted: Bytes, outside: Block): Value {
  const { address, offset = builder.constant(64, 0n), bytes } = wanted;
  const inside = builder.block();
  let checked = address;
  builder.seldom(outside, () => {
    checked = builder.packetAccess(address, end, offset, bytes, inside, outside);
  });
  enter(builder, inside);
  return checked;
}
