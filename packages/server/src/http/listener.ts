import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import { type ListenAddress, listenAddressText } from "../listen-address.ts";
import { ServerError } from "../server-error.ts";

/** More clients than any use of the service has. */
const MOST_CONNECTIONS = 100;
/** Of one connection, at a time: a client that sends thousands and reads nothing would have all of the memory. */
const MOST_WAITING = 4;
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
    /** Requests that came in on a connection and are not answered yet. */
    const waiting = new WeakMap<Socket, number>();
    const server = createServer({ headersTimeout: PATIENCE, requestTimeout: PATIENCE }, (request, response) => {
      const { socket } = request;
      const others = waiting.get(socket) ?? 0;
      if (others >= MOST_WAITING) return void socket.destroy();
      waiting.set(socket, others + 1);
      response.once("close", () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
      cutOffWhenStuck(response);
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

/** Who stops reading is cut off; a stream that has nothing to send goes on. */
function cutOffWhenStuck(response: ServerResponse): void {
  response.setTimeout(PATIENCE, () => {
    if (response.writableLength > 0) response.destroy();
    else if (!response.writableEnded) cutOffWhenStuck(response);
  });
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
