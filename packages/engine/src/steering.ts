/** What was sent where: to CPUs or interfaces by the hash of the connection, or each frame to all interfaces. */
export type SteeringKind = "cpus" | "devices" | "mirror";

/** What a balancer has done with the frames of its interface. */
export interface Steering {
  readonly kind: SteeringKind;
  /** Passed on to the network stack of the CPU that they came in on: what is in no connection, and what had no target any more. */
  readonly passed: { readonly packets: bigint; readonly bytes: bigint };
  /** Frames that were redirected, each once: in a mirror too, where each target gets a copy. */
  readonly redirected: bigint;
  readonly targets: readonly SteeringTarget[];
  /** *frames = passed + redirected*: each frame has had one verdict. */
  readonly holds: boolean;
}

/**
 * A CPU or interface that frames are given to. What the kernel tells afterwards is null where it does not tell it: for interfaces
 * before typed tracepoints (a kernel without BTF), and what was delivered to interfaces in mode `skb`.
 */
export interface SteeringTarget {
  /** Number of the CPU, or name of the interface. */
  readonly target: number | string;
  /** Given to it. */
  readonly packets: bigint;
  readonly bytes: bigint;
  readonly packetsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Taken from the CPU's queue into its network stack, or given to the interface's driver. */
  readonly delivered: bigint | null;
  /** Lost for a full queue or ring, or for want of memory. */
  readonly dropped: bigint | null;
  /** Lost since the kernel could not redirect them: too long for the interface, an interface that is down or takes no frames. */
  readonly errors: bigint | null;
  /** The latest of these errors by the kernel's name (`EMSGSIZE`, `ENETDOWN`, `EOPNOTSUPP`…); null when there was none. */
  readonly lastError: string | null;
  /** On their way: *packets − delivered − dropped − errors*. */
  readonly outstanding: bigint | null;
  /** Frames that should have gone to it and were passed on, since it was not there any more; not in `packets`. */
  readonly absent: bigint;
}
