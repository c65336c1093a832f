import { readFileSync, statSync } from "node:fs";
import type { Mode } from "@weir/engine";
import { isLoopback, type ListenAddress, listenAddressText, parseListenAddress } from "./listen-address.ts";
import { ServerError } from "./server-error.ts";
import type { ServiceConfig } from "./service-config.ts";

/** An interface to watch. */
export interface InterfaceSettings {
  readonly name: string;
  readonly mode: Mode;
}

/** All that a service has to know, with the defaults filled in. */
export interface ServiceSettings {
  readonly interfaces: readonly InterfaceSettings[];
  readonly listen: ListenAddress;
  /** What requests must have; undefined where none is needed. */
  readonly token: string | undefined;
  readonly top: number;
  /** Seconds. */
  readonly interval: number;
  readonly connections: number;
  /** Seconds. */
  readonly idle: number;
  readonly statistics: boolean;
}

const LISTEN = "127.0.0.1:9435";
/** Of 64 possible characters each, 96 bits. */
const SHORTEST_TOKEN = 16;

/**
 * The settings that a configuration means.
 *
 * @example
 * ```ts
 * serviceSettings({ interfaces: ["eth0"] }).listen; // { host: "127.0.0.1", port: 9435 }
 * ```
 * @throws {ServerError} `WEIR_CONFIG`: no interface, one twice, or open to others without a token; `WEIR_FILE`: no token file
 */
export function serviceSettings(config: ServiceConfig): ServiceSettings {
  const { mode = "auto", token_file: tokenFile, insecure = false } = config;
  const interfaces = (config.interfaces ?? []).map((given) =>
    typeof given === "string" ? { name: given, mode } : { name: given.name, mode: given.mode ?? mode },
  );
  if (interfaces.length === 0)
    throw new ServerError("WEIR_CONFIG", "there is no interface to watch: name at least one");
  const twice = interfaces.find(({ name }, index) => interfaces.findIndex((other) => other.name === name) !== index);
  if (twice) throw new ServerError("WEIR_CONFIG", `interface ${twice.name} is named twice`);
  const listen = listenAddress(config.listen ?? LISTEN);
  const token = tokenFile === undefined ? undefined : readToken(tokenFile);
  if (token === undefined && !insecure && !isLoopback(listen.host)) {
    throw new ServerError(
      "WEIR_CONFIG",
      `${listenAddressText(listen)} can be reached from other machines, and everybody there could see all connections\n` +
        "  Give a token file (--token-file), or say that this is meant (--insecure).",
    );
  }
  const { top = 50, interval = 1, connections = 10_240, idle = 60, statistics = true } = config;
  return { interfaces, listen, token, top, interval, connections, idle, statistics };
}

function listenAddress(text: string): ListenAddress {
  const address = parseListenAddress(text);
  if (address !== undefined) return address;
  throw new ServerError(
    "WEIR_CONFIG",
    `cannot listen on ${JSON.stringify(text)}: give an IP address and a port, as in 127.0.0.1:9435 or [::1]:9435`,
  );
}

function readToken(file: string): string {
  try {
    // Others could take the token from a file that they may read.
    if ((statSync(file).mode & 0o004) !== 0) {
      throw new ServerError("WEIR_CONFIG", `everybody can read the token file ${file}\n  chmod o-r it first.`);
    }
    const token = readFileSync(file, "utf8").trim();
    if (/^[\x21-\x7e]+$/.test(token) && token.length >= SHORTEST_TOKEN) return token;
  } catch (error) {
    if (error instanceof ServerError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServerError("WEIR_FILE", `the token file ${file} cannot be read: ${reason}`, { cause: error });
  }
  throw new ServerError(
    "WEIR_CONFIG",
    `the token file ${file} must hold one line of at least ${SHORTEST_TOKEN} printable characters without spaces\n` +
      "  head -c 24 /dev/urandom | base64 makes one.",
  );
}
