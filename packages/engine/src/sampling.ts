/** How a monitor samples. What it counts in `counters` stays exact; what connections have are estimates, or parts. */
export type Sampling = PacketSampling | FlowSampling;

/** Of the packets that belong to a connection each has the same chance: connections have estimates, with standard errors. */
export interface PacketSampling {
  readonly by: "packets";
  /** One of so many packets is sampled now; with a budget it changes. 1 is all. */
  readonly rate: number;
  /** Undefined where the rate is fixed. */
  readonly budget: Budget | undefined;
}

/** Some connections are counted, whole and exactly, and the others not at all. */
export interface FlowSampling {
  readonly by: "flows";
  /** One of so many connections is counted. */
  readonly rate: number;
  /** How many connections there are, by those that are counted. */
  readonly connections: number;
  /** Of `connections`. */
  readonly standardError: number;
}

/** What the program may take of the processors, and what it takes. */
export interface Budget {
  /** The part of one CPU that it may take, all interfaces of the monitor together: 0.05 is 5 %. */
  readonly share: number;
  /** The part that it took lately, as the kernel measures it; 0 before the first measurement. */
  readonly used: number;
  /** It takes more, although hardly anything is sampled: counting the totals alone costs as much. */
  readonly exceeded: boolean;
}

/** What an estimate may be off: the true value is mostly within two of them, and hardly ever beyond four. */
export interface StandardError {
  readonly packets: number;
  readonly bytes: number;
}
