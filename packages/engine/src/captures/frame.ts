/** A frame of a capture file. */
export interface Frame {
  /** As captured, from the Ethernet destination address on. Valid until the next frame is read. */
  readonly bytes: Uint8Array;
  /** Bytes of the frame on the wire; more than `bytes` holds when the capture was cut by a snap length. */
  readonly originalLength: number;
  /** Nanoseconds since 1970; undefined where the file does not say. */
  readonly time: bigint | undefined;
}
