import type { HealthCheckConfig } from "./health-check-config.ts";

/** Whom a check asks, and how. */
export interface CheckTarget {
  readonly address: string;
  readonly family: 4 | 6;
  /** 0 for ICMP. */
  readonly port: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly config: HealthCheckConfig;
}

/** Asks once; rejects with what is wrong. */
export type Check = (target: CheckTarget) => Promise<void>;
