import { BACKEND_ACTIVE, BACKEND_DRAINING, BACKEND_NONE } from "@weir/programs";
import { since } from "../../per-cpu-sums.ts";
import type { BackendSlots } from "./backend-slots.ts";
import type { BalanceMaps } from "./balance-maps.ts";
import type { BackendSnapshot, BackendState } from "./balance-snapshot.ts";
import type { IpAddress } from "./ip-address.ts";
import type { BackendConfig } from "./services-config.ts";

/** What checks have found out about a backend. */
export interface BackendHealth {
  readonly up: boolean;
  readonly reason: string | undefined;
  readonly checks: bigint;
  readonly failed: bigint;
  readonly milliseconds: number | undefined;
}

const UNCHECKED: BackendHealth = { up: true, reason: undefined, checks: 0n, failed: 0n, milliseconds: undefined };

/** A backend of a service, with its number in the kernel's tables. */
export class BalancedBackend {
  readonly number: number;
  readonly address: IpAddress;
  config: BackendConfig;
  health: BackendHealth = UNCHECKED;
  /** Why there is no way to it; undefined when there is one. */
  unreachable: string | undefined = "its next hop has not been asked for yet";
  /** It is only its hardware address that is not known yet. */
  awaitsNeighbour = false;
  /** What is known of the way, so that it is written only when it has changed. */
  route = "";
  readonly #maps: BalanceMaps;
  readonly #before: ReturnType<BalanceMaps["backendStats"]>;

  constructor(config: BackendConfig, address: IpAddress, service: number, slots: BackendSlots, maps: BalanceMaps) {
    this.number = slots.take(service);
    this.address = address;
    this.config = config;
    this.#maps = maps;
    // Another backend may have had this number.
    this.#before = maps.backendStats(this.number);
  }

  get state(): BackendState {
    if (this.unreachable !== undefined) return "unreachable";
    if (!this.health.up) return "down";
    return this.config.drain || this.config.weight === 0 ? "draining" : "up";
  }

  /** As the kernel program has it. */
  get kernelState(): number {
    if (this.state === "up") return BACKEND_ACTIVE;
    return this.state === "draining" ? BACKEND_DRAINING : BACKEND_NONE;
  }

  counted(): { readonly packets: bigint; readonly bytes: bigint; readonly new_flows: bigint } {
    return since(this.#maps.backendStats(this.number), this.#before);
  }

  snapshot(flows: number): BackendSnapshot {
    const { packets, bytes, new_flows } = this.counted();
    const { checks, failed, milliseconds, reason } = this.health;
    return {
      address: this.address.text,
      weight: this.config.weight,
      state: this.state,
      reason: this.unreachable ?? (this.health.up ? undefined : reason),
      packets,
      bytes,
      flows,
      newFlows: new_flows,
      checks,
      failedChecks: failed,
      checkMilliseconds: milliseconds,
    };
  }
}
