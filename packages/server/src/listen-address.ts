import { BlockList, isIP } from "node:net";

/** Where a server listens. */
export interface ListenAddress {
  /** An IP address, or `localhost`. */
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
}

/**
 * Reads `127.0.0.1:9435`, `[::1]:9435` or `localhost:9435`. Other names are refused: what they mean is up to DNS, and whether a
 * token is needed depends on it.
 */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? "";
  const port = Number(digits);
  const isHost = bracketed === undefined ? isIP(host) === 4 || host === "localhost" : isIP(host) === 6;
  return isHost && port <= 65_535 ? { host, port } : undefined;
}

export function listenAddressText({ host, port }: ListenAddress): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** Whether only this machine can reach it (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3). */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  return host === "localhost" || (version !== 0 && LOOPBACK.check(host, version === 4 ? "ipv4" : "ipv6"));
}
