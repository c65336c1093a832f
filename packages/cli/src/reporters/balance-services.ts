import type { BackendSnapshot, BalanceSnapshot, ServiceSnapshot } from "@weir/engine";
import { toJson } from "@weir/engine/json";
import { type Session, write } from "../session.ts";
import { tableLines } from "../text/columns.ts";
import { ENTER_SCREEN, frame, LEAVE_SCREEN, rowsOf } from "../text/frame.ts";
import { printable } from "../text/printable.ts";
import { formatBitRate, formatBytes, formatCount, formatDuration, formatRate, plural } from "../text/units.ts";
import { flow } from "../text/wrap.ts";
import { type Look, lookOf } from "./look.ts";

/** Shows what a load balancer does. */
export interface BalanceReporter {
  begin(first: BalanceSnapshot): Promise<void>;
  show(snapshot: BalanceSnapshot): Promise<void>;
  end(): Promise<void>;
}

/** JSON lines for programs, a table that is redrawn in a terminal, a table for each interval in a pipe. */
export function balanceReporter(session: Session, json: boolean): BalanceReporter {
  if (json) {
    return {
      begin: async () => {},
      show: (snapshot) => write(session.output, `${toJson(snapshot)}\n`, session.signal),
      end: async () => {},
    };
  }
  return session.output.isTTY ? screen(session) : lines(session);
}

function lines(session: Session): BalanceReporter {
  let earlier: BalanceSnapshot | undefined;
  return {
    async begin(first) {
      earlier = first;
    },
    async show(snapshot) {
      const table = balanceTable(snapshot, earlier, lookOf(session));
      earlier = snapshot;
      await write(session.output, `${table.join("\n")}\n\n`, session.signal);
    },
    end: async () => {},
  };
}

function screen(session: Session): BalanceReporter {
  const { output, signal } = session;
  let earlier: BalanceSnapshot | undefined;
  let shown: readonly string[] = [];
  const draw = async (snapshot: BalanceSnapshot) => {
    const look = lookOf(session);
    shown = balanceTable(snapshot, earlier, look);
    earlier = snapshot;
    await write(output, frame(shown, look.style("dim", "Ctrl-C ends"), rowsOf(session), look.columns), signal);
  };
  return {
    async begin(first) {
      await write(output, ENTER_SCREEN, signal);
      await draw(first);
    },
    show: draw,
    async end() {
      output.write(`${LEAVE_SCREEN}${shown.join("\n")}\n`);
    },
  };
}

/** A balancer as a table: what it did with all frames, then each service with its backends. */
export function balanceTable(snapshot: BalanceSnapshot, earlier: BalanceSnapshot | undefined, look: Look): string[] {
  const { verdicts, counters } = snapshot;
  const title = [
    look.style("bold", printable(snapshot.interface)),
    look.style("cyan", snapshot.mode),
    `up ${formatDuration(snapshot.seconds)}`,
    plural(counters.frames, "frame"),
    `balanced ${formatCount(verdicts.transmitted + verdicts.redirected)}`,
    `passed ${formatCount(verdicts.passed)}`,
    `dropped ${formatCount(verdicts.dropped)}`,
    `connections ${formatCount(snapshot.connections)} of ${formatCount(snapshot.connectionCapacity)}`,
    ...notable(
      {
        fragments: snapshot.fragments,
        "extension headers": snapshot.extensionHeaders,
        "no headroom": snapshot.noHeadroom,
      },
      look,
    ),
  ];
  return [
    ...flow(title, look.columns),
    ...snapshot.services.flatMap((service) => [
      "",
      ...serviceLines(
        service,
        earlier?.services.find(({ name }) => name === service.name),
        rateTime(snapshot, earlier),
        look,
      ),
    ]),
  ];
}

const rateTime = (snapshot: BalanceSnapshot, earlier: BalanceSnapshot | undefined): number =>
  Math.max(snapshot.seconds - (earlier?.seconds ?? 0), 0.001);

function serviceLines(
  service: ServiceSnapshot,
  earlier: ServiceSnapshot | undefined,
  seconds: number,
  look: Look,
): string[] {
  const { events } = service;
  const title = [
    look.style("bold", printable(service.name)),
    `${service.protocol} ${endpoint(service)}`,
    service.delivery,
    plural(service.flows, "flow"),
    `${formatCount(service.newFlows)} new`,
    plural(service.packets, "packet"),
    formatBytes(service.bytes),
    ...notable(
      {
        "no backend": events.noBackend,
        "no next hop": events.noNextHop,
        moved: events.moved,
        "table full": events.tableFull,
        "TTL expired": events.ttlExpired,
        "too big": events.tooBig + events.tooBigUnsaid,
        "ICMP errors": events.icmpErrors,
      },
      look,
    ),
  ];
  const { backends } = service;
  const before = new Map(earlier?.backends.map((backend) => [backend.address, backend]));
  const rate = (backend: BackendSnapshot, field: "packets" | "bytes") =>
    Number(backend[field] - (before.get(backend.address)?.[field] ?? 0n)) / seconds;
  const column = (name: string, cell: (backend: BackendSnapshot) => string, align: "left" | "right" = "right") => ({
    title: name,
    align,
    cells: backends.map(cell),
  });
  const { titles, rows } = tableLines([
    column("BACKEND", ({ address }) => address, "left"),
    column("STATE", ({ state }) => state, "left"),
    column("WEIGHT", ({ weight }) => String(weight)),
    column("FLOWS", ({ flows }) => formatCount(flows)),
    column("NEW", ({ newFlows }) => formatCount(newFlows)),
    column("PACKETS", ({ packets }) => formatCount(packets)),
    column("BYTES", ({ bytes }) => formatBytes(bytes)),
    column("RATE", (backend) => formatRate(rate(backend, "packets"))),
    column("BANDWIDTH", (backend) => formatBitRate(rate(backend, "bytes"))),
    column("CHECKS FAILED", ({ checks, failedChecks }) => (checks === 0n ? "-" : `${failedChecks} of ${checks}`)),
    column("", ({ reason }) => (reason === undefined ? "" : printable(reason)), "left"),
  ]);
  return [
    ...flow(title, look.columns),
    look.style("dim", titles),
    ...rows.map((row, index) => (backends[index]?.state === "up" ? row : look.style("yellow", row))),
  ];
}

function endpoint({ address, port }: ServiceSnapshot): string {
  if (port === "all") return `${address}, all ports`;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Counts that are worth a word: those that are not 0. */
function notable(counts: Readonly<Record<string, bigint>>, look: Look): string[] {
  return Object.entries(counts)
    .filter(([, count]) => count > 0n)
    .map(([name, count]) => look.style("yellow", `${name} ${formatCount(count)}`));
}
