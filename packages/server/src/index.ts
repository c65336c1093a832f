/**
 * weir over HTTP: metrics for Prometheus, snapshots as JSON and as events.
 *
 * @module
 */
export { type AccessOptions, type AccessSettings, accessSettings } from "./access-settings.ts";
export type { ListenAddress } from "./listen-address.ts";
export { captureMetrics } from "./metrics/capture-metrics.ts";
export type { Labels, MetricFamily, Sample } from "./metrics/metric-family.ts";
export { monitorMetrics } from "./metrics/monitor-metrics.ts";
export { servicesMetrics } from "./metrics/services-metrics.ts";
export { MetricsEndpoint, type MetricsEndpointOptions } from "./metrics-endpoint.ts";
export { ServerError, type ServerErrorCode } from "./server-error.ts";
export { Service, type ServiceOptions } from "./service.ts";
export { type ServiceConfig, serviceConfig } from "./service-config.ts";
export { type InterfaceSettings, type ServiceSettings, serviceSettings } from "./service-settings.ts";
