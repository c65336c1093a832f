/** What a program is run with. Which of these counts depends on the program's type. */
export interface Input {
  /** XDP and tcx: the frame, from its Ethernet header on. */
  readonly packet?: Uint8Array;
  /** XDP: what lies before the packet (`data_meta`): a multiple of 4, at most 216 bytes. */
  readonly metadata?: Uint8Array;
  /** Index of the interface it came in on; 1, which is the loopback interface, unless given. */
  readonly ingressInterface?: number;
  /** 0 unless given. */
  readonly receiveQueue?: number;
  /** Programs of a DEVMAP: index of the interface it is sent out on; 0 unless given. */
  readonly egressInterface?: number;
  /** tcx: the packet's mark. */
  readonly mark?: number;
  /** tcx: the packet's priority. */
  readonly priority?: number;
  /** Raw and typed tracepoints: the arguments; iterators: the words of the context. */
  readonly arguments?: readonly bigint[];
  /** All other types: the bytes of the context. */
  readonly context?: Uint8Array;
}
