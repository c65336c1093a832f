/**
 * weir over HTTP: metrics for Prometheus, snapshots as JSON and as events.
 *
 * @module
 */
export { ServerError, type ServerErrorCode } from "./server-error.ts";
export { Service, type ServiceOptions } from "./service.ts";
export { type ServiceConfig, serviceConfig } from "./service-config.ts";
export { type InterfaceSettings, type ServiceSettings, serviceSettings } from "./service-settings.ts";
