import { timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { isLoopback } from "../listen-address.ts";

/** Who is let in. */
export interface Admission {
  /** What requests must have (RFC 6750, section 2.1); undefined: they need none. */
  readonly token: string | undefined;
  /** Whether only this machine can reach the service. */
  readonly isLocal: boolean;
}

/** Asks for the token, or, where none is needed on this machine, for the right name. */
export function admit(admission: () => Admission): MiddlewareHandler {
  return async (context, next) => {
    const { token, isLocal } = admission();
    if (token !== undefined && !hasToken(context, token)) {
      context.header("www-authenticate", 'Bearer realm="weir"');
      return context.text("a bearer token is needed\n", 401);
    }
    if (token === undefined && isLocal && !namesThisMachine(context)) {
      return context.text("this is another machine than the one that the request names\n", 421);
    }
    return next();
  };
}

function hasToken(context: Context, token: string): boolean {
  const [, sent = ""] = /^Bearer +(\S+)$/i.exec(context.req.header("authorization") ?? "") ?? [];
  const [a, b] = [Buffer.from(sent), Buffer.from(token)];
  // Takes equally long for all wrong tokens of a length.
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Whether a request calls this machine by a name of its own. A page in a browser here may call any name whose address its owner says
 * is 127.0.0.1 (DNS rebinding), and would read all connections.
 */
function namesThisMachine(context: Context): boolean {
  const host = (context.req.header("host") ?? "localhost").replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return isLoopback(host);
}
