import type { Mode } from "@weir/engine";
import { type AccessSettings, accessSettings } from "./access-settings.ts";
import { ServerError } from "./server-error.ts";
import type { ServiceConfig } from "./service-config.ts";

/** An interface to watch. */
export interface InterfaceSettings {
  readonly name: string;
  readonly mode: Mode;
}

/** All that a service has to know, with the defaults filled in. */
export interface ServiceSettings extends AccessSettings {
  readonly interfaces: readonly InterfaceSettings[];
  readonly top: number;
  /** Seconds. */
  readonly interval: number;
  readonly connections: number;
  /** Seconds. */
  readonly idle: number;
  readonly statistics: boolean;
  /** As `watch` takes it. */
  readonly sample: string | undefined;
  /** Of each interface. */
  readonly budget: string | undefined;
}

const LISTEN = "127.0.0.1:9435";

/**
 * The settings that a configuration means.
 *
 * @example
 * ```ts
 * serviceSettings({ interfaces: ["eth0"] }).listen; // { host: "127.0.0.1", port: 9435 }
 * ```
 * @throws {ServerError} `WEIR_CONFIG`: no interface, one twice, a pattern, or open to others without a token; `WEIR_FILE`: no token file
 */
export function serviceSettings(config: ServiceConfig): ServiceSettings {
  const { mode = "auto", token_file: tokenFile, insecure = false } = config;
  const interfaces = (config.interfaces ?? []).map((given) =>
    typeof given === "string" ? { name: given, mode } : { name: given.name, mode: given.mode ?? mode },
  );
  if (interfaces.length === 0)
    throw new ServerError("WEIR_CONFIG", "there is no interface to watch: name at least one");
  // To a watch that follows they would be patterns, with as many interfaces as match.
  const pattern = interfaces.find(({ name }) => /[*?]/.test(name));
  if (pattern) {
    throw new ServerError(
      "WEIR_CONFIG",
      `${pattern.name} is a pattern, which weir serve does not take\n  Name each interface; weir watch takes patterns.`,
    );
  }
  const twice = interfaces.find(({ name }, index) => interfaces.findIndex((other) => other.name === name) !== index);
  if (twice) throw new ServerError("WEIR_CONFIG", `interface ${twice.name} is named twice`);
  if (config.sample !== undefined && config.budget !== undefined) {
    throw new ServerError(
      "WEIR_CONFIG",
      "sample and budget exclude each other: a budget chooses the rate by itself\n  Give one of them.",
    );
  }
  const access = accessSettings({ listen: config.listen ?? LISTEN, tokenFile, insecure });
  const { top = 50, interval = 1, connections = 10_240, idle = 60, statistics = true, sample, budget } = config;
  return { interfaces, ...access, top, interval, connections, idle, statistics, sample, budget };
}
