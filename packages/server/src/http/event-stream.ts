import type { ServiceCounters } from "../metrics/service-metrics.ts";

/** Events that wait for a client that does not read; what comes on top of them is lost to it. */
const WAITING = 4;

const encoder = new TextEncoder();

/**
 * Sends the same events to all clients (https://html.spec.whatwg.org/multipage/server-sent-events.html). Who does not read fast enough
 * misses events, and the memory does not grow.
 */
export class EventStream {
  readonly #clients = new Set<ReadableStreamDefaultController<Uint8Array>>();
  readonly #counters: ServiceCounters;

  constructor(counters: ServiceCounters) {
    this.#counters = counters;
  }

  get hasClients(): boolean {
    return this.#clients.size > 0;
  }

  /** The body of an answer that goes on until the client leaves or the service ends. */
  open(): ReadableStream<Uint8Array> {
    let client: ReadableStreamDefaultController<Uint8Array> | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          client = controller;
          this.#clients.add(controller);
          this.#counters.eventClients = this.#clients.size;
          // Comes through at once, so that the client knows that it is connected.
          controller.enqueue(encoder.encode(": weir\n\n"));
        },
        cancel: () => {
          if (client) this.#clients.delete(client);
          this.#counters.eventClients = this.#clients.size;
        },
      },
      { highWaterMark: WAITING },
    );
  }

  /** @param data on one line */
  send(event: string, data: string): void {
    const bytes = encoder.encode(`event: ${event}\ndata: ${data}\n\n`);
    for (const client of this.#clients) {
      if ((client.desiredSize ?? 0) > 0) client.enqueue(bytes);
      else this.#counters.lostEvents++;
    }
  }

  /** Ends all answers. */
  close(): void {
    for (const client of this.#clients) client.close();
    this.#clients.clear();
    this.#counters.eventClients = 0;
  }
}
