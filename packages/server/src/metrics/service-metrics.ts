import { counter, gauge, type MetricFamily } from "./metric-family.ts";

/** What a service counts of its own work. */
export class ServiceCounters {
  /** Events that a client missed because it did not read. */
  lostEvents = 0;
  eventClients = 0;
  reloads = 0;
  failedReloads = 0;

  metrics(): MetricFamily[] {
    const one = (value: number) => [{ labels: {}, value }];
    return [
      gauge({ name: "weir_event_clients", help: "Clients that are listening to events." }, one(this.eventClients)),
      counter(
        { name: "weir_events_lost", help: "Events that clients missed because they did not read fast enough." },
        one(this.lostEvents),
      ),
      counter({ name: "weir_config_reloads", help: "Configurations that were taken over." }, one(this.reloads)),
      counter(
        { name: "weir_config_reload_failures", help: "Configurations that were refused; the one before stayed." },
        one(this.failedReloads),
      ),
    ];
  }
}
