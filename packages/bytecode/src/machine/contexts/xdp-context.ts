import type { Width } from "../../form.ts";
import { MachineError } from "../machine-error.ts";
import type { Memory } from "../memory.ts";
import { PacketBuffer } from "../packet-buffer.ts";
import type { Context } from "./context.ts";
import type { Input } from "./input.ts";

/** `struct xdp_md`: words, of which the kernel makes addresses where they are read. */
export class XdpContext implements Context {
  readonly address: bigint;
  readonly size = 24;
  readonly packet: PacketBuffer;
  readonly #memory: Memory;

  constructor(memory: Memory, input: Input, frags: boolean) {
    const { packet = new Uint8Array(), metadata = new Uint8Array() } = input;
    this.#memory = memory;
    this.packet = new PacketBuffer(memory, packet, { metadata, frags });
    const words = Uint32Array.of(
      0,
      0,
      0,
      input.ingressInterface ?? 1,
      input.receiveQueue ?? 0,
      input.egressInterface ?? 0,
    );
    this.address = memory.add("the context", new Uint8Array(words.buffer), { access: "read-only" });
  }

  load(offset: number, width: Width): bigint | undefined {
    if (width !== 32 || offset % 4 !== 0) {
      throw new MachineError(`the context is read with ${width} bits at ${offset}; its fields are words of 32 bits`);
    }
    switch (offset) {
      case 0:
        return this.packet.data;
      case 4:
        return this.packet.dataEnd;
      case 8:
        return this.packet.dataMeta;
      default:
        return undefined;
    }
  }

  store(): void {
    throw new MachineError("the context is written; it can be read only");
  }

  release(): void {
    this.packet.release();
    this.#memory.remove(this.address);
  }
}
