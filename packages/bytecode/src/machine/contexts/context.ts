import type { Width } from "../../form.ts";
import type { PacketBuffer } from "../packet-buffer.ts";

/** What a program is given: its first argument points to it. */
export interface Context {
  /** Of the record itself. */
  readonly address: bigint;
  /** Bytes of the record. */
  readonly size: number;
  /** The packet that it speaks of. */
  readonly packet: PacketBuffer | undefined;
  /** A copy of the record, where it is plain bytes. */
  readonly bytes?: Uint8Array;
  /** What a program reads there, for those fields that the kernel makes addresses of or that cannot be read in any width. */
  load(offset: number, width: Width): bigint | undefined;
  /** Refuses what programs must not write. */
  store(offset: number, width: Width): void;
  /** The run has ended. */
  release(): void;
}
