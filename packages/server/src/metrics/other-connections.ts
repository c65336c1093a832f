import type { Connection, Snapshot, Traffic } from "@weir/engine";

const NOTHING: Traffic = { packets: 0n, bytes: 0n };

/**
 * The counter of all connections of an interface that have no series of their own.
 *
 * Which connections have one changes from reading to reading, so this cannot be "all minus those": it would fall whenever one gets
 * a series, and Prometheus takes a counter that falls for one that began anew. Instead it gains, in each reading, what was gained by
 * connections that did not have a series both before and now. So rates of all series together are the rate of everything.
 */
export class OtherConnections {
  /** What the connections with a series had in the last reading, by their names. */
  #listed: ReadonlyMap<string, Traffic> | undefined;
  /** What went to series of connections. */
  #credited = NOTHING;
  #value = NOTHING;

  /** Takes the snapshot whose connections have series now; gives the value of the counter. */
  update({ connections, connectionTotals }: Pick<Snapshot, "connections" | "connectionTotals">): Traffic {
    const listed = new Map(connections.map((connection) => [connectionName(connection), connection]));
    const before = this.#listed;
    for (const [name, now] of listed) {
      // In the first reading all is new to everybody: the series get it.
      const then = before === undefined ? NOTHING : before.get(name);
      if (then !== undefined) this.#credited = sum(this.#credited, growth(then, now));
    }
    this.#listed = listed;
    // The totals and the connections are read while packets come: a counter must not fall for that.
    this.#value = greater(this.#value, difference(connectionTotals, this.#credited));
    return this.#value;
  }
}

/** What tells a connection from all others of its interface. */
export function connectionName(connection: Connection): string {
  const { kind, protocol, source, sourcePort, destination, destinationPort } = connection;
  return `${kind} ${protocol.number} ${source} ${sourcePort} ${destination} ${destinationPort}`;
}

/** A connection that has less than before left the table and came again: all it has is new. */
function growth(then: Traffic, now: Traffic): Traffic {
  return now.packets < then.packets || now.bytes < then.bytes ? now : difference(now, then);
}

function sum(a: Traffic, b: Traffic): Traffic {
  return { packets: a.packets + b.packets, bytes: a.bytes + b.bytes };
}

function difference(a: Traffic, b: Traffic): Traffic {
  return { packets: a.packets - b.packets, bytes: a.bytes - b.bytes };
}

function greater(a: Traffic, b: Traffic): Traffic {
  return { packets: a.packets > b.packets ? a.packets : b.packets, bytes: a.bytes > b.bytes ? a.bytes : b.bytes };
}
