import type { BackendHealth, BalancedBackend } from "../balanced-backend.ts";
import type { BalancedService } from "../balanced-service.ts";
import type { Check, CheckTarget } from "./check.ts";
import type { HealthCheckConfig } from "./health-check-config.ts";
import { HealthState } from "./health-state.ts";
import { httpCheck } from "./http-check.ts";
import { icmpCheck } from "./icmp-check.ts";
import { tcpCheck } from "./tcp-check.ts";

const CHECKS: Readonly<Record<HealthCheckConfig["type"], Check>> = { tcp: tcpCheck, http: httpCheck, icmp: icmpCheck };

/** Asks the backends of all services again and again whether they work. */
export class HealthChecks implements Disposable {
  readonly #changed: (service: BalancedService, backend: BalancedBackend) => void;
  readonly #watched = new Map<BalancedBackend, BackendWatch>();

  /** @param changed is called when a backend has come up or gone down */
  constructor(changed: (service: BalancedService, backend: BalancedBackend) => void) {
    this.#changed = changed;
  }

  /** Checks these from now on, and no others. Checks that go on as before keep what they know. */
  set(services: readonly BalancedService[]): void {
    const wanted = new Set<BalancedBackend>();
    for (const service of services) {
      const { health } = service.config;
      for (const backend of service.backends.values()) {
        if (health === undefined) {
          this.#trust(service, backend);
          continue;
        }
        wanted.add(backend);
        const target = targetOf(service, backend, health);
        const known = this.#watched.get(backend);
        if (known?.key === JSON.stringify(target)) continue;
        known?.[Symbol.dispose]();
        this.#watched.set(backend, new BackendWatch(target, backend, () => this.#changed(service, backend)));
      }
    }
    for (const [backend, watch] of this.#watched) {
      if (wanted.has(backend)) continue;
      watch[Symbol.dispose]();
      this.#watched.delete(backend);
    }
  }

  /** Nobody asks any more, so nobody can say that it is down. */
  #trust(service: BalancedService, backend: BalancedBackend): void {
    if (backend.health.up) return;
    backend.health = { ...backend.health, up: true, reason: undefined };
    this.#changed(service, backend);
  }

  [Symbol.dispose](): void {
    for (const watch of this.#watched.values()) watch[Symbol.dispose]();
    this.#watched.clear();
  }
}

function targetOf({ config }: BalancedService, backend: BalancedBackend, health: HealthCheckConfig): CheckTarget {
  const { family, text } = backend.address;
  const port = health.type === "icmp" ? 0 : (health.port ?? (config.port === "all" ? 0 : config.port));
  return { address: text, family, port, timeout: Math.round(health.timeout * 1000), config: health };
}

/** Asks one backend. */
class BackendWatch implements Disposable {
  readonly key: string;
  readonly #target: CheckTarget;
  readonly #backend: BalancedBackend;
  readonly #changed: () => void;
  readonly #state: HealthState;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(target: CheckTarget, backend: BalancedBackend, changed: () => void) {
    this.key = JSON.stringify(target);
    this.#target = target;
    this.#backend = backend;
    this.#changed = changed;
    this.#state = new HealthState(target.config);
    // Spread over the first interval, so that not all are asked at once.
    this.#next(Math.random() * Math.min(target.config.interval, 1) * 100);
  }

  #next(milliseconds: number): void {
    this.#timer = setTimeout(() => void this.#ask(), milliseconds);
    this.#timer.unref();
  }

  async #ask(): Promise<void> {
    const { config } = this.#target;
    const began = performance.now();
    const failure = await CHECKS[config.type](this.#target).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (this.#ended) return;
    const took = performance.now() - began;
    const before = this.#backend.health;
    const up = this.#state.note(failure === undefined);
    const health: BackendHealth = {
      up,
      reason: failure ?? (up ? undefined : before.reason),
      checks: before.checks + 1n,
      failed: before.failed + (failure === undefined ? 0n : 1n),
      milliseconds: failure === undefined ? took : undefined,
    };
    this.#backend.health = health;
    if (up !== before.up) this.#changed();
    this.#next(Math.max(config.interval * 1000 - took, 0));
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }
}
