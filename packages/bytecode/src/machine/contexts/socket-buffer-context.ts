import type { Width } from "../../form.ts";
import { MachineError } from "../machine-error.ts";
import type { Memory } from "../memory.ts";
import { PacketBuffer } from "../packet-buffer.ts";
import type { Context } from "./context.ts";
import type { Input } from "./input.ts";

/** Bytes into `struct __sk_buff`. */
const LENGTH = 0;
const MARK = 8;
const QUEUE = 12;
const PROTOCOL = 16;
const PRIORITY = 32;
const INGRESS_INTERFACE = 36;
const INTERFACE = 40;
const CONTROL_BLOCK = 48;
const CLASS = 72;
const DATA = 76;
const DATA_END = 80;
const DATA_META = 140;
const TIMESTAMP = 152;
const WIRE_LENGTH = 160;
const SIZE = 192;

/** Where programs may write: from one byte up to, not including, another. */
const writable: readonly (readonly [from: number, to: number])[] = [
  [MARK, QUEUE + 4],
  [PRIORITY, PRIORITY + 4],
  [44, 48],
  [CONTROL_BLOCK, 68],
  [CLASS, CLASS + 4],
  [TIMESTAMP, TIMESTAMP + 8],
];

/** `struct __sk_buff`, as far as a packet that has just come in fills it. */
export class SocketBufferContext implements Context {
  readonly address: bigint;
  readonly size = SIZE;
  readonly packet: PacketBuffer;
  readonly #memory: Memory;

  constructor(memory: Memory, input: Input) {
    const { packet = new Uint8Array() } = input;
    this.#memory = memory;
    this.packet = new PacketBuffer(memory, packet);
    const bytes = new Uint8Array(SIZE);
    const view = new DataView(bytes.buffer);
    view.setUint32(LENGTH, packet.length, true);
    view.setUint32(WIRE_LENGTH, packet.length, true);
    view.setUint32(MARK, input.mark ?? 0, true);
    view.setUint32(QUEUE, input.receiveQueue ?? 0, true);
    bytes.set(protocolOf(packet), PROTOCOL);
    view.setUint32(PRIORITY, input.priority ?? 0, true);
    view.setUint32(INGRESS_INTERFACE, input.ingressInterface ?? 1, true);
    view.setUint32(INTERFACE, input.egressInterface ?? input.ingressInterface ?? 1, true);
    this.address = memory.add("the context", bytes);
  }

  load(offset: number, width: Width): bigint | undefined {
    if (offset === DATA && width === 32) return this.packet.data;
    if (offset === DATA_END && width === 32) return this.packet.dataEnd;
    if (offset === DATA_META && width === 32) return this.packet.dataMeta;
    if (offset === LENGTH && width === 32) return BigInt(this.packet.length);
    return undefined;
  }

  store(offset: number, width: Width): void {
    if (writable.some(([from, to]) => offset >= from && offset + width / 8 <= to)) return;
    throw new MachineError(`the context is written at ${offset}, which can be read only`);
  }

  release(): void {
    this.packet.release();
    this.#memory.remove(this.address);
  }
}

/** Behind the Ethernet header's addresses. */
const ETHER_TYPE = 12;
const FIRST_ETHER_TYPE = 0x0600;
const IEEE_802_2 = Uint8Array.of(0, 4);
const IEEE_802_3 = Uint8Array.of(0, 1);

/** In network byte order, as in the frame; what stands there may be a length instead (`eth_type_trans`). */
function protocolOf(packet: Uint8Array): Uint8Array {
  const [high = 0, low = 0, first, second] = packet.subarray(ETHER_TYPE);
  if (high * 256 + low >= FIRST_ETHER_TYPE) return Uint8Array.of(high, low);
  return first === 0xff && second === 0xff ? IEEE_802_3 : IEEE_802_2;
}
