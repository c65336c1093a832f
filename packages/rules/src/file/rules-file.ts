import * as z from "zod";
import { type Log, USUAL_LOG_RATE } from "../rule-set/log.ts";
import { defaultBurst, parseBurst, parseLimitKey, parseLogRate, parseRate } from "./rate.ts";
import { parseDuration, parseMoment } from "./time.ts";

/** Text that means something else, or is a mistake with a reason. */
function parsed<Value extends number | object>(parse: (text: string) => Value | string) {
  const mistake = (input: unknown): string | undefined => {
    const value = typeof input === "number" ? parse(String(input)) : undefined;
    return typeof value === "string" ? value : undefined;
  };
  return z.string({ error: ({ input }) => mistake(input) }).transform((text, context): Value => {
    const value = parse(text);
    if (typeof value !== "string") return value;
    context.addIssue({ code: "custom", message: value, input: text });
    return z.NEVER;
  });
}

const limit = z
  .strictObject({
    rate: parsed(parseRate).meta({ description: "packets as in 1000/s, 5k/s or 10/min, or bits as in 10Mbit/s" }),
    burst: z
      .union([z.int().min(1), z.string()])
      .optional()
      .meta({
        description:
          "what may come at once: 100, 1Mbit, 64kbyte; default what comes in 100 ms, at least 5 packets or 64 KiB",
      }),
    per: parsed(parseLimitKey).prefault("rule").meta({
      description:
        "what has the rate for itself: rule (the default), source (address), source/24 (prefix of IPv4), source/64 (of IPv6), source/24/64, flow",
    }),
  })
  .transform(({ rate, burst, per }, context) => {
    const found = burst === undefined ? defaultBurst(rate) : parseBurst(String(burst), rate);
    if (typeof found === "number") return { kind: "limit" as const, rate, burst: found, per };
    context.addIssue({ code: "custom", path: ["burst"], message: found, input: burst });
    return z.NEVER;
  });

const log = z
  .strictObject({
    rate: parsed(parseLogRate).meta({ description: "packets as in 100/s, 1k/s or 10/min" }),
    burst: z
      .union([z.int().min(1), z.string()])
      .optional()
      .meta({ description: "what may come at once, as in 100; default what comes in 100 ms, at least 5 packets" }),
  })
  .transform(({ rate, burst }, context): Log => {
    const found = burst === undefined ? defaultBurst(rate) : parseBurst(String(burst), rate);
    if (typeof found === "number") return { kind: "log", rate, burst: found };
    context.addIssue({ code: "custom", path: ["burst"], message: found, input: burst });
    return z.NEVER;
  });

const USUAL_LOG: Log = { kind: "log", rate: USUAL_LOG_RATE, burst: defaultBurst(USUAL_LOG_RATE) };

const action = z.union(
  [
    z
      .enum(["pass", "drop", "count", "sample", "log"])
      .transform((kind) => (kind === "log" ? USUAL_LOG : { kind }))
      .meta({
        description:
          "pass and drop decide; count, sample (into weir capture) and log (10 packets a second) let the next rules decide; count is a drop on trial",
      }),
    z
      .strictObject({ limit })
      .transform(({ limit: only }) => only)
      .meta({ description: "drops what is above a rate; below it the next rules decide" }),
    z
      .strictObject({ log })
      .transform(({ log: only }) => only)
      .meta({ description: "logs, up to a rate; the next rules decide" }),
  ],
  {
    error: ({ input }) =>
      input === "limit"
        ? "a limit needs a rate: write { limit: { rate: 1000/s } }"
        : "must be pass, drop, count, sample, log, { log: { rate: … } } or { limit: { rate: … } }",
  },
);

const name = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,63}$/, { error: "a name has 1 to 63 letters, digits, _, . and -", abort: true });
const moment = parsed(parseMoment);

const rule = z
  .strictObject({
    name: name.meta({ description: "what the rule is called where its numbers are shown; each has another one" }),
    match: z.string().meta({
      description: "which frames, as in tcpdump: udp and dst port 53 and not src in @friends; empty: every frame",
    }),
    action,
    ttl: parsed(parseDuration)
      .optional()
      .meta({ description: "how long it holds once it was applied: 30s, 5m, 1h, 7d" }),
    expires: moment.optional().meta({ description: "when it ends: 2027-01-31T18:00:00Z" }),
    from: moment.optional().meta({ description: "from when on it holds: 2027-01-31T18:00:00Z" }),
    until: moment.optional().meta({ description: "until when it holds: 2027-01-31T18:00:00Z" }),
    comment: z.string().max(1000).optional(),
  })
  .superRefine(({ ttl, expires, from, until }, context) => {
    if (ttl !== undefined && expires !== undefined) {
      context.addIssue({
        code: "custom",
        path: ["expires"],
        message: "either ttl or expires says when it ends",
        input: expires,
      });
    }
    const end = Math.min(until ?? Number.POSITIVE_INFINITY, expires ?? Number.POSITIVE_INFINITY);
    if (from !== undefined && from >= end) {
      context.addIssue({ code: "custom", path: ["from"], message: "it would end before it begins", input: from });
    }
  });

const SET_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,14}$/;

const include = z.strictObject({
  include: z.string().min(1).meta({ description: "file whose rules stand here; from the folder of this file on" }),
});

const entries = z.array(z.union([z.string(), z.number()], { error: "must be text, or a number" })).meta({
  description: "addresses and prefixes of both families, or ports and ranges of them, or addresses of hardware",
});

const set = z.union([
  entries,
  z
    .strictObject({
      kind: z
        .enum(["addresses", "ports", "macs"])
        .optional()
        .meta({ description: "what its entries are; by default what they look like, addresses for those in a file" }),
      entries: entries.optional(),
      file: z
        .string()
        .min(1)
        .optional()
        .meta({ description: "file with an entry on each line; from the folder of this file on" }),
    })
    .refine(
      ({ entries: inline, file }) => inline !== undefined || file !== undefined,
      "must have entries, or a file with them",
    ),
]);

/** What a rules file can say. */
export const rulesFile = z
  .strictObject({
    vlan: z.enum(["through", "exact"]).optional().meta({
      description:
        "whether expressions look behind VLAN tags (through, the default) or read them as tcpdump does (exact)",
    }),
    default: z
      .enum(["pass", "drop"])
      .optional()
      .meta({ description: "what becomes of frames for which no rule decides; default pass" }),
    fail: z.enum(["open", "closed"]).optional().meta({
      description:
        "what becomes of rules that wait to be confirmed when weir is killed meanwhile: open (the default) ends them in time all the same, closed leaves them in force",
    }),
    sets: z
      .record(z.string().regex(SET_NAME), set, {
        error: ({ code }) =>
          code === "invalid_key"
            ? "the name of a set has 1 to 15 letters, digits, _ and -, and begins with a letter or _"
            : undefined,
      })
      .optional()
      .meta({ description: "what expressions ask with in @NAME" }),
    rules: z
      .array(z.union([rule, include]))
      .optional()
      .meta({ description: "in the order in which they are asked; the first that decides wins" }),
  })
  .meta({ title: "weir rules", description: "rules of weir's packet filter" });

/** A rules file as data. */
export type RulesFile = z.output<typeof rulesFile>;
/** A rule as a file says it. */
export type RuleInFile = Exclude<NonNullable<RulesFile["rules"]>[number], { readonly include: string }>;
/** A set as a file says it. */
export type SetInFile = NonNullable<RulesFile["sets"]>[string];
