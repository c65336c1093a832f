import type { Rate } from "./limit.ts";

/** Reports of frames, up to a rate of packets. */
export interface Log {
  readonly kind: "log";
  readonly rate: Rate;
  /** So many packets may be reported at once. */
  readonly burst: number;
}

/** What is logged where no rate is said. */
export const USUAL_LOG_RATE: Rate = { unit: "packets", amount: 10, seconds: 1 };
