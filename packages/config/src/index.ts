/**
 * Configuration files: YAML, or JSON which is a part of it, checked by a zod schema; mistakes have a file, a line and a column.
 *
 * @module
 */
export { ConfigError, type ConfigProblem } from "./config-error.ts";
export { jsonSchema } from "./json-schema.ts";
export type { ConfigPlace } from "./place.ts";
export { type PlacedConfig, parseConfig, parsePlacedConfig, readConfig, readPlacedConfig } from "./read-config.ts";
