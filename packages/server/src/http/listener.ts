import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { type ListenAddress, listenAddressText } from "../listen-address.ts";
import { ServerError } from "../server-error.ts";

/** More clients than any use of the service has. */
const MOST_CONNECTIONS = 100;
/** Milliseconds that a client may take to say what it wants, and to read a part of the answer. */
const PATIENCE = 10_000;
/** Milliseconds that answers that are under way have when the service ends. */
const FAREWELL = 2_000;

/** A server that listens. */
export class Listener implements AsyncDisposable {
  readonly address: ListenAddress;
  readonly #server: Server;

  private constructor(server: Server, address: ListenAddress) {
    this.#server = server;
    this.address = address;
  }

  /** @throws {ServerError} `WEIR_LISTEN` */
  static async open(address: ListenAddress, app: Hono): Promise<Listener> {
    const answer = getRequestListener(app.fetch);
    const server = createServer({ headersTimeout: PATIENCE, requestTimeout: PATIENCE }, (request, response) => {
      // Who stops reading is cut off; a stream that has nothing to send is not idle in this sense: it is written to again and again.
      response.setTimeout(PATIENCE, () => response.destroy());
      void answer(request, response);
    });
    server.maxConnections = MOST_CONNECTIONS;
    server.listen({ host: address.host, port: address.port });
    try {
      await once(server, "listening");
    } catch (error) {
      throw cannotListen(address, error);
    }
    // A server that listens on a port has one.
    const { port } = server.address() as AddressInfo;
    return new Listener(server, { host: address.host, port });
  }

  /** Takes no more requests, and waits for the answers that are under way, but not for long. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), FAREWELL);
    await closed;
    clearTimeout(timer);
  }
}

function cannotListen(address: ListenAddress, error: unknown): ServerError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const where = listenAddressText(address);
  const reason = REASONS.get(code) ?? (error instanceof Error ? error.message : String(error));
  return new ServerError("WEIR_LISTEN", `cannot listen on ${where}: ${reason}`, { cause: error });
}

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ["EADDRINUSE", "another program listens there\n  ss -ltnp shows which; or choose another port with --listen."],
  ["EADDRNOTAVAIL", "this machine does not have the address\n  ip address shows which it has."],
  ["EACCES", "ports below 1024 need root or CAP_NET_BIND_SERVICE\n  Choose a higher port with --listen."],
]);
