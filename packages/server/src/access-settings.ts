import { readFileSync, statSync } from "node:fs";
import { isLoopback, type ListenAddress, listenAddressText, parseListenAddress } from "./listen-address.ts";
import { ServerError } from "./server-error.ts";

/** Where a server listens, and whom it lets in. */
export interface AccessSettings {
  readonly listen: ListenAddress;
  /** What requests must have; undefined where none is needed. */
  readonly token: string | undefined;
}

/** The same as users say it. */
export interface AccessOptions {
  /** IP address and port. */
  readonly listen: string;
  readonly tokenFile: string | undefined;
  /** Others may see everything without a token. */
  readonly insecure: boolean;
}

/** Of 64 possible characters each, 96 bits. */
const SHORTEST_TOKEN = 16;
/** Bytes. */
const LONGEST_FILE = 4096;

/**
 * Checks where to listen and whom to let in.
 *
 * @example
 * ```ts
 * accessSettings({ listen: "127.0.0.1:9435", tokenFile: undefined, insecure: false }).listen.port; // 9435
 * ```
 * @throws {ServerError} `WEIR_CONFIG`: no address, or open to others without a token; `WEIR_FILE`: no token file
 */
export function accessSettings({ listen: text, tokenFile, insecure }: AccessOptions): AccessSettings {
  const listen = listenAddress(text);
  const token = tokenFile === undefined ? undefined : readToken(tokenFile);
  if (token === undefined && !insecure && !isLoopback(listen.host)) {
    throw new ServerError(
      "WEIR_CONFIG",
      `${listenAddressText(listen)} can be reached from other machines, and everybody there could see all connections\n` +
        "  Give a token file (--token-file), or say that this is meant (--insecure).",
    );
  }
  return { listen, token };
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
    const found = statSync(file);
    if (!found.isFile() || found.size > LONGEST_FILE)
      throw new ServerError("WEIR_CONFIG", `the token file ${file} is no small file`);
    // Others could take the token from a file that they may read.
    if ((found.mode & 0o004) !== 0) {
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
