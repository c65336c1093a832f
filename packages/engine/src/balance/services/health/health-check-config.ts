/** How a service's backends are asked whether they work. Times in seconds. */
export interface HealthCheckConfig {
  /** `"tcp"`: a connection can be opened; `"http"`: a GET is answered with the status that is expected; `"icmp"`: an echo comes back. */
  readonly type: "tcp" | "http" | "icmp";
  /** The port that is asked; by default the service's. */
  readonly port?: number | undefined;
  /** What HTTP asks for. */
  readonly path: string;
  /** The `Host` that HTTP names; by default the backend's address. */
  readonly host?: string | undefined;
  /** The statuses that are right: from, to. */
  readonly status: readonly [number, number];
  readonly interval: number;
  readonly timeout: number;
  /** How many answers one after the other make a backend that was down good again. */
  readonly rise: number;
  /** How many failures one after the other make it down. */
  readonly fall: number;
}
