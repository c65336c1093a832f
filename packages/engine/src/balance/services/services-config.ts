import type { HealthCheckConfig } from "./health/health-check-config.ts";

/** A load balancer's configuration, complete: what a file leaves out has been filled in. */
export interface ServicesConfig {
  /**
   * What the hash of flows is made from. Balancers with the same seed and the same services choose the same backends; without
   * one, each start chooses anew.
   */
  readonly seed?: string | undefined;
  /** Entries of each service's Maglev table: a prime number. */
  readonly table: number;
  readonly connections: {
    /** How many connections are remembered, those of all services together. */
    readonly capacity: number;
    /** Seconds without a packet after which a connection's place may be taken by another. */
    readonly idle: number;
  };
  /** For how many of each there is room while the balancer runs; undefined: twice as many as there are at its start. */
  readonly capacity: { readonly services?: number | undefined; readonly backends?: number | undefined };
  /** The outer source addresses of tunnels. */
  readonly source: { readonly ipv4?: string | undefined; readonly ipv6?: string | undefined };
  readonly services: readonly ServiceConfig[];
}

/** A virtual address with the backends behind it. */
export interface ServiceConfig {
  readonly name: string;
  readonly address: string;
  readonly protocol: "tcp" | "udp";
  readonly port: number | "all";
  /**
   * How packets get to the backends: `"mac"` as they are, to the backend's hardware address on the same segment; `"tunnel"` in a
   * packet of their own, IPIP (RFC 2003) or IPv6 in IPv6 (RFC 2473).
   */
  readonly delivery: "mac" | "tunnel";
  /** What becomes of packets when no backend can take them. */
  readonly allDown: "drop" | "pass";
  readonly health?: HealthCheckConfig | undefined;
  readonly backends: readonly BackendConfig[];
}

/** A server behind a service. */
export interface BackendConfig {
  readonly address: string;
  /** Its share of the new flows, in proportion to the others'; 0: none, as when drained. */
  readonly weight: number;
  /** No new flows; those that are there go on. */
  readonly drain: boolean;
  /** Its hardware address, when the kernel's tables shall not be asked. Of a tunnel: that of the next hop. */
  readonly mac?: string | undefined;
  /** The interface that leads to it, with `mac`; by default the one that the balancer is attached to. */
  readonly interface?: string | undefined;
}

/** One mistake that a schema cannot see. */
export interface ServicesMistake {
  /** As in `["services", 2, "address"]`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}
