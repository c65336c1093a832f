import { toJson } from "@weir/engine/json";
import { Hono } from "hono";
import * as z from "zod";
import type { TextFormat } from "../metrics/text-format.ts";
import { acceptedFormat } from "./accepted-format.ts";
import { type Admission, admit } from "./admission.ts";

/** What the application answers with. */
export interface Served {
  /** Who is let in; it may change while the application runs. */
  admission(): Admission;
  healthy(): boolean;
  metrics(format: TextFormat): string;
  /** Undefined where there are only metrics. */
  readonly api?: {
    /** What `/api/snapshot` gives, as data. */
    snapshots(list: SnapshotQuery): unknown;
    events(): ReadableStream<Uint8Array>;
  };
}

/** Which connections a snapshot has. */
const snapshotQuery = z.strictObject({
  sort: z.enum(["packets", "bytes", "rate", "recent"]).default("bytes"),
  limit: z.coerce.number<string>().int().min(0).max(1_000_000).default(100),
});
export type SnapshotQuery = z.output<typeof snapshotQuery>;

const INDEX = `weir
/metrics       for Prometheus, as OpenMetrics or text
/healthz       200 when every interface is attached, 503 otherwise
`;
const API_INDEX = `/api/snapshot  JSON; ?sort=packets|bytes|rate|recent&limit=N
/api/events    the same as server-sent events
`;

/** The routes of the service. All of them only read. */
export function application(served: Served): Hono {
  const app = new Hono();
  // Open to whoever reaches it: it says nothing of the traffic.
  app.get("/healthz", (context) => (served.healthy() ? context.text("ok\n") : context.text("degraded\n", 503)));
  app.use(admit(() => served.admission()));
  app.use(async (context, next) => {
    await next();
    context.header("cache-control", "no-store");
    context.header("x-content-type-options", "nosniff");
  });
  app.get("/", (context) => context.text(served.api ? INDEX + API_INDEX : INDEX));
  app.get("/metrics", (context) => {
    const format = acceptedFormat(context.req.header("accept"));
    return context.body(served.metrics(format), 200, { "content-type": format.contentType, vary: "accept" });
  });
  if (served.api) addApi(app, served.api);
  app.notFound((context) => {
    if (context.req.method === "GET" || context.req.method === "HEAD")
      return context.text("there is nothing here; / lists what is\n", 404);
    return context.text("all of it can only be read\n", 405, { allow: "GET, HEAD" });
  });
  return app;
}

function addApi(app: Hono, api: NonNullable<Served["api"]>): void {
  app.get("/api/snapshot", (context) => {
    const query = snapshotQuery.safeParse(context.req.query());
    if (!query.success) return json(toJson({ error: z.prettifyError(query.error) }), 400);
    return json(toJson(api.snapshots(query.data)), 200);
  });
  app.get("/api/events", () => new Response(api.events(), { headers: { "content-type": "text/event-stream" } }));
}

function json(body: string, status: number): Response {
  return new Response(`${body}\n`, { status, headers: { "content-type": "application/json" } });
}
