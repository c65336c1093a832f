import type { BackendSnapshot, BalanceSnapshot, BalanceVerdicts, ServiceEvents, ServiceSnapshot } from "@weir/engine";
import { counter, gauge, info, type Labels, type MetricFamily, type Sample } from "./metric-family.ts";

const STATES: readonly BackendSnapshot["state"][] = ["up", "draining", "down", "unreachable"];
const VERDICTS: readonly (readonly [label: string, verdict: keyof BalanceVerdicts])[] = [
  ["pass", "passed"],
  ["drop", "dropped"],
  ["tx", "transmitted"],
  ["redirect", "redirected"],
];
const EVENTS: readonly (readonly [label: string, event: keyof ServiceEvents])[] = [
  ["no_backend", "noBackend"],
  ["no_next_hop", "noNextHop"],
  ["moved", "moved"],
  ["table_full", "tableFull"],
  ["ttl_expired", "ttlExpired"],
  ["too_big", "tooBig"],
  ["too_big_unsaid", "tooBigUnsaid"],
  ["icmp_error", "icmpErrors"],
];

/**
 * What a load balancer has done, for each service and backend. The series of a backend that is taken out of the configuration end;
 * those of its service keep what it had.
 *
 * @example
 * ```ts
 * import { balanceServices, type ServicesConfig } from "@weir/engine";
 * import { servicesMetrics } from "@weir/server";
 *
 * export async function backendNames(config: ServicesConfig): Promise<string[]> {
 *   using balancer = await balanceServices("eth0", config);
 *   return servicesMetrics(balancer.snapshot()).map(({ name }) => name); // ["weir_interface", …]
 * }
 * ```
 */
export function servicesMetrics(balanced: BalanceSnapshot): MetricFamily[] {
  const { interface: name, mode, attached, counters, verdicts, services } = balanced;
  const here = { interface: name };
  const one = (value: number | bigint): Sample[] => [{ labels: here, value }];
  const byService = (value: (service: ServiceSnapshot) => number | bigint): Sample[] =>
    services.map((service) => ({ labels: serviceLabels(service), value: value(service) }));
  const backends = services.flatMap((service) =>
    service.backends.map((backend) => ({
      labels: { ...serviceLabels(service), backend: backend.address },
      backend,
    })),
  );
  const byBackend = (value: (backend: BackendSnapshot) => number | bigint): Sample[] =>
    backends.map(({ labels, backend }) => ({ labels, value: value(backend) }));

  return [
    info(
      { name: "weir_interface", help: "How weir is attached: the mode is drv (driver) or skb (before the stack)." },
      [{ ...here, mode }],
    ),
    gauge({ name: "weir_interface_attached", help: "1 while weir balances on the interface." }, one(attached ? 1 : 0)),
    counter({ name: "weir_frames", help: "Frames that arrived." }, one(counters.frames)),
    counter(
      {
        name: "weir_frame_bytes",
        unit: "bytes",
        help: "Bytes of the frames that arrived, from the Ethernet header on.",
      },
      one(counters.bytes),
    ),
    counter(
      { name: "weir_verdicts", help: "What became of the frames." },
      VERDICTS.map(([verdict, key]) => ({ labels: { ...here, verdict }, value: verdicts[key] })),
    ),
    counter(
      { name: "weir_service_packets", help: "Packets for a service that went to its backends." },
      byService(({ packets }) => packets),
    ),
    counter(
      { name: "weir_service_bytes", unit: "bytes", help: "Bytes of their frames as they came in." },
      byService(({ bytes }) => bytes),
    ),
    gauge(
      { name: "weir_service_flows", help: "Flows of a service that had a packet within the idle time." },
      byService(({ flows }) => flows),
    ),
    counter(
      { name: "weir_service_new_flows", help: "Flows that a service has got." },
      byService(({ newFlows }) => newFlows),
    ),
    counter(
      { name: "weir_service_failed_checks", help: "Checks of backends of a service that failed." },
      byService(({ failedChecks }) => failedChecks),
    ),
    counter(
      { name: "weir_service_events", help: "Packets for a service that did not go the usual way." },
      services.flatMap((service) =>
        EVENTS.map(([event, key]) => ({ labels: { ...serviceLabels(service), event }, value: service.events[key] })),
      ),
    ),
    gauge(
      { name: "weir_backend_state", help: "1 for the state that a backend is in, 0 for the others." },
      backends.flatMap(({ labels, backend }) =>
        STATES.map((state) => ({ labels: { ...labels, state }, value: backend.state === state ? 1 : 0 })),
      ),
    ),
    gauge(
      { name: "weir_backend_weight", help: "The share of new flows that a backend is to have." },
      byBackend(({ weight }) => weight),
    ),
    counter(
      { name: "weir_backend_packets", help: "Packets that went to a backend." },
      byBackend(({ packets }) => packets),
    ),
    counter(
      { name: "weir_backend_bytes", unit: "bytes", help: "Bytes of their frames as they came in." },
      byBackend(({ bytes }) => bytes),
    ),
    gauge(
      { name: "weir_backend_flows", help: "Flows of a backend that had a packet within the idle time." },
      byBackend(({ flows }) => flows),
    ),
    counter(
      { name: "weir_backend_new_flows", help: "Flows that a backend has got." },
      byBackend(({ newFlows }) => newFlows),
    ),
    counter(
      { name: "weir_backend_checks", help: "Checks of a backend." },
      byBackend(({ checks }) => checks),
    ),
    counter(
      { name: "weir_backend_failed_checks", help: "Checks of a backend that failed." },
      byBackend(({ failedChecks }) => failedChecks),
    ),
    gauge(
      { name: "weir_backend_check_seconds", unit: "seconds", help: "How long the last check took, if it was good." },
      backends.flatMap(({ labels, backend: { checkMilliseconds } }) =>
        checkMilliseconds === undefined ? [] : [{ labels, value: checkMilliseconds / 1000 }],
      ),
    ),
    counter(
      { name: "weir_balance_fragments", help: "Fragments for the address of a service, passed on." },
      one(balanced.fragments),
    ),
    counter(
      { name: "weir_balance_extension_headers", help: "IPv6 packets with extension headers for a service, passed on." },
      one(balanced.extensionHeaders),
    ),
    counter(
      { name: "weir_balance_no_headroom", help: "Frames without room for the outer header of a tunnel, dropped." },
      one(balanced.noHeadroom),
    ),
    gauge({ name: "weir_balance_connections", help: "Connections that are remembered." }, one(balanced.connections)),
    gauge(
      { name: "weir_balance_connections_capacity", help: "Connections that can be remembered." },
      one(balanced.connectionCapacity),
    ),
  ];
}

function serviceLabels({ name, address, protocol, port }: ServiceSnapshot): Labels {
  return { service: name, address, protocol, port: String(port) };
}
